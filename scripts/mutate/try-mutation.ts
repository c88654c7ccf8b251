import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CandidateTests, isOwnTest } from './candidate-tests.ts'
import { coveredLength, covers } from './covered-parts.ts'
import type { Killers } from './killers.ts'
import type { KnownTests } from './known-tests.ts'
import { type Mutation, mutated } from './mutation.ts'
import { runUntilFailure, type TestRun } from './run-until-failure.ts'
import { inTurns, type TimedTest, type Turn } from './turns.ts'

/** What became of a change: the test that saw it, or how many ran it without seeing it. */
export type Outcome = { readonly killedBy: string } | { readonly survived: number; readonly inTime: boolean }

export function shownOutcome(outcome: Outcome): string {
  if ('killedBy' in outcome) return `killed by ${outcome.killedBy}`
  return `${outcome.survived} test files passed${outcome.inTime ? '' : ', there was no time for more'}`
}

/** The copy of the tree and what is known of its tests. */
export interface Workshop {
  readonly directory: string
  readonly candidates: CandidateTests
  readonly known: KnownTests
  readonly killers: Killers
  /** How long all tests of one change may take together. */
  readonly budgetMs: number
}

/** Runs the tests that run the changed place until one fails: first what killed in its file, its own test and what runs most of it. */
export async function tryMutation(mutation: Mutation, workshop: Workshop): Promise<Outcome> {
  let [survived, spentMs] = [0, 0]
  for (const turn of inTurns(await coveringTests(mutation, workshop))) {
    if (spentMs > workshop.budgetMs) return { survived, inTime: false }
    const { passed, failed, milliseconds } = await runChanged(workshop.directory, turn, mutation)
    if (!passed) {
      if (failed !== undefined) workshop.killers.add(mutation.file, failed)
      return { killedBy: failed ?? turn.tests.join(', ') }
    }
    survived += turn.tests.length
    spentMs += milliseconds
  }
  return { survived, inTime: true }
}

async function coveringTests(
  { file, reachedAt }: Mutation,
  { candidates, known, killers }: Workshop,
): Promise<TimedTest[]> {
  const covering: (TimedTest & { readonly rank: number })[] = []
  for (const test of candidates.of(file)) {
    const { parts, milliseconds } = await known.learn(test)
    const ran = parts[file] ?? []
    const rank = isOwnTest(file, test) ? Number.POSITIVE_INFINITY : coveredLength(ran)
    if (covers(ran, reachedAt)) covering.push({ test, milliseconds, rank })
  }
  return killers.first(
    file,
    covering.toSorted((a, b) => b.rank - a.rank),
  )
}

/** Makes the change in the copy, runs the tests, and takes the change back. */
async function runChanged(directory: string, { tests, usualMs }: Turn, mutation: Mutation): Promise<TestRun> {
  const path = join(directory, mutation.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, mutated(text, mutation))
  try {
    const environment = { NODE_COMPILE_CACHE: join(directory, '.compiled') }
    return await runUntilFailure(directory, tests, { limitMs: 3 * usualMs + 5_000, environment })
  } finally {
    writeFileSync(path, text)
  }
}
