import { sharesProcess } from '../run-tests.ts'

/** A test file, and how long it takes by itself. */
export interface TimedTest {
  readonly test: string
  readonly milliseconds: number
}

/** Test files that run in one process, and how long they take. */
export interface Turn {
  readonly tests: readonly string[]
  readonly usualMs: number
}

/** The likeliest to see a change run by themselves: most changes are seen by the first. */
const likeliest = 2
const most = 12
/** What most of a small test's time goes into is paid once for all of a process. */
const startMs = 800

/**
 * Who runs when, from the likeliest on: the first by themselves, and of the others those together that may share a process,
 * as each start costs more than what it tests.
 */
export function* inTurns(tests: readonly TimedTest[]): Generator<Turn> {
  let [count, together] = [0, [] as TimedTest[]]
  for (const one of tests) {
    if (count++ < likeliest || !sharesProcess(one.test)) yield turnOf([one])
    else if (together.push(one) === most) {
      yield turnOf(together)
      together = []
    }
  }
  if (together.length > 0) yield turnOf(together)
}

function turnOf(tests: readonly TimedTest[]): Turn {
  const savedMs = (tests.length - 1) * startMs
  const sumMs = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return { tests: tests.map(({ test }) => test), usualMs: Math.max(sumMs - savedMs, startMs) }
}
