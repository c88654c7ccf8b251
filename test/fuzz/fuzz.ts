import { choices } from './choices.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { FuzzedProcess, type Measured } from './fuzzed-process.ts'
import { fuzzCase } from './grammar.ts'

const MOST_CPU_MS = 250
const MOST_ANSWER_BYTES = 100_000
const MOST_GROWTH_MIB = 32
/** The application keeps what it is to deliver in memory. */
const CASES_PER_PROCESS = 1000

/** A request that costs more than any may. */
export interface Found {
  readonly index: number
  readonly fuzzed: FuzzCase
  readonly measured: Measured
  readonly reason: string
}

export interface Fuzzed {
  readonly cases: number
  readonly statuses: ReadonlyMap<number, number>
  readonly found: Found | undefined
}

export const caseOf = (seed: number, index: number): FuzzCase => fuzzCase(choices(seed, index))

/** Runs the cases of a seed for a time, up to the first that is found twice: the second time in a fresh process. */
export async function fuzz(root: string, seed: number, seconds: number): Promise<Fuzzed> {
  const end = performance.now() + seconds * 1000
  const statuses = new Map<number, number>()
  let server = await FuzzedProcess.start(root)
  using _last = { [Symbol.dispose]: () => server[Symbol.dispose]() }
  let index = 0
  for (; performance.now() < end; index++) {
    if (index % CASES_PER_PROCESS === CASES_PER_PROCESS - 1) {
      server[Symbol.dispose]()
      server = await FuzzedProcess.start(root)
    }
    const fuzzed = caseOf(seed, index)
    const measured = await server.measure(fuzzed)
    statuses.set(measured.status, (statuses.get(measured.status) ?? 0) + 1)
    if (reasonOf(measured) === undefined) continue
    const found = await alone(root, index, fuzzed)
    if (found !== undefined) return { cases: index + 1, statuses, found }
  }
  return { cases: index, statuses, found: undefined }
}

/** Runs one case in a fresh process, after a small request to the same operation and one of the case's own size. */
export async function alone(root: string, index: number, fuzzed: FuzzCase): Promise<Found | undefined> {
  using server = await FuzzedProcess.start(root)
  await server.measure({ ...fuzzed, body: fuzzed.body === '' ? '' : '[{}]' })
  const measured = await server.measure(fuzzed)
  const reason = reasonOf(measured)
  return reason === undefined ? undefined : { index, fuzzed, measured, reason }
}

function reasonOf({ cpuMs, answerBytes, grownMiB, status }: Measured): string | undefined {
  if (cpuMs > MOST_CPU_MS) return `It blocks the event loop for ${Math.round(cpuMs)} ms`
  if (status >= 400 && answerBytes > MOST_ANSWER_BYTES) return `It is answered with ${answerBytes} bytes`
  if (grownMiB > MOST_GROWTH_MIB) return `It makes the process grow by ${Math.round(grownMiB)} MiB`
  return undefined
}
