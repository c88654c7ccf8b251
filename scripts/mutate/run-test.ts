import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../root.ts'

/** How one test file ended. */
export interface TestRun {
  readonly passed: boolean
  readonly milliseconds: number
}

/**
 * Runs one test file of `directory` until a test of it fails: the others have nothing to add. Past the limit it fails, and
 * what it started is ended with it.
 */
export async function runTest(
  directory: string,
  test: string,
  { limitMs, environment }: { limitMs: number; environment: NodeJS.ProcessEnv },
): Promise<TestRun> {
  const PATH = `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`
  const started = performance.now()
  const child = spawn(process.execPath, ['--test-force-exit', '--test-reporter=tap', test], {
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
  createInterface({ input: child.stdout }).on('line', line => {
    if (/^\s*not ok /.test(line)) endGroup()
  })
  const status = await new Promise<number | null>(resolve => child.once('exit', resolve))
  clearTimeout(limit)
  endGroup()
  return { passed: status === 0, milliseconds: performance.now() - started }
}
