import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CandidateTests } from './candidate-tests.ts'
import { covers } from './covered-parts.ts'
import type { Killers } from './killers.ts'
import type { KnownTest, KnownTests } from './known-tests.ts'
import { type Mutation, mutated } from './mutation.ts'
import { runTest } from './run-test.ts'

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

/** Runs the tests that run the changed place, what killed in its file and the nearest first, until one fails. */
export async function tryMutation(
  mutation: Mutation,
  { directory, candidates, known, killers, budgetMs }: Workshop,
): Promise<Outcome> {
  const { file, reachedAt } = mutation
  let [survived, spentMs] = [0, 0]
  for (const test of killers.first(file, candidates.of(file))) {
    const usual = await known.learn(test)
    if (!covers(usual.parts[file] ?? [], reachedAt)) continue
    if (spentMs > budgetMs) return { survived, inTime: false }
    const { passed, milliseconds } = await runChanged(directory, test, { mutation, usual })
    if (!passed) {
      killers.add(file, test)
      return { killedBy: test }
    }
    survived++
    spentMs += milliseconds
  }
  return { survived, inTime: true }
}

/** Makes the change in the copy, runs the test, and takes the change back. */
async function runChanged(
  directory: string,
  test: string,
  { mutation, usual }: { mutation: Mutation; usual: KnownTest },
): Promise<{ passed: boolean; milliseconds: number }> {
  const path = join(directory, mutation.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, mutated(text, mutation))
  try {
    const environment = { NODE_COMPILE_CACHE: join(directory, '.compiled') }
    return await runTest(directory, test, { limitMs: 3 * usual.milliseconds + 5_000, environment })
  } finally {
    writeFileSync(path, text)
  }
}
