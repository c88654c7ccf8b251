import { spawn } from 'node:child_process'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../root.ts'

/** How test files ended. */
export interface TestRun {
  readonly passed: boolean
  /** The file whose test failed, where that is known. */
  readonly failed?: string | undefined
  readonly milliseconds: number
}

/**
 * Runs test files of `directory`, several of them in one process, until a test fails: the others have nothing to add. Past
 * the limit they fail, and what they started is ended with them.
 */
export async function runUntilFailure(
  directory: string,
  tests: readonly string[],
  { limitMs, environment }: { limitMs: number; environment: NodeJS.ProcessEnv },
): Promise<TestRun> {
  const PATH = `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`
  const started = performance.now()
  const together = tests.length > 1 ? ['--test', '--test-isolation=none'] : []
  const child = spawn(process.execPath, [...together, '--test-force-exit', '--test-reporter=tap', ...tests], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PATH, ...environment },
  })
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group has ended by itself.
    }
  }
  const limit = setTimeout(endGroup, limitMs)
  let [anyFailed, failed] = [false, tests.length === 1 ? tests[0] : undefined]
  createInterface({ input: child.stdout }).on('line', line => {
    anyFailed ||= /^\s*not ok /.test(line)
    if (!anyFailed) return
    const [, path] = /^\s*location: '(.*):\d+:\d+'$/.exec(line) ?? []
    if (path !== undefined) failed ??= relative(directory, path)
    if (failed !== undefined) endGroup()
  })
  const status = await new Promise<number | null>(resolve => child.once('exit', resolve))
  clearTimeout(limit)
  endGroup()
  return { passed: status === 0, failed, milliseconds: performance.now() - started }
}
