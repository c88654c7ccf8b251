import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root } from './root.ts'

/** Node leaves one core idle, which on a machine with two is half of it. */
const concurrency = Math.max(2, availableParallelism() - 1)

/** The options with which Node runs the tests, before those of the command line. */
export const testOptions: readonly string[] = ['--test', '--test-timeout=120000', `--test-concurrency=${concurrency}`]

/**
 * Lets all processes and threads that are started from here on share what Node has compiled: each test file has a process
 * of its own, and without this half of its processor time goes into reading the same sources.
 */
export function shareCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules/.cache/compiled')
}
