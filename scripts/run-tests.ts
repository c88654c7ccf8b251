import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { matchesGlob } from 'node:path'
import { root } from './root.ts'
import { startNode } from './run-tool.ts'
import { shareCompiled } from './share-compiled.ts'
import { sharePostgres } from './shared-postgres.ts'

/** One more than there are cores: some tests wait for what they have started. */
const concurrency = availableParallelism() + 1

/**
 * Tests that change nothing that others could see share one process, as starting one for each file often costs more than
 * what it tests. Every other file has a process of its own, beside that one, as it changes what a process shares, or holds up
 * the event loop.
 */
const inOneProcess = [
  'src/lib/{app,definition,delivery,docs,expression,http,json,log,openapi,operation}/**/*.test.ts',
  'src/lib/{receiver,request,schema,signature,testing,url}/**/*.test.ts',
  'src/lib/destination/{address,names}/**/*.test.ts',
  'src/lib/store/*.test.ts',
  'test/{fastapi,newcomers}/**/*.test.ts',
]

/** Whether a test may run in a process with others. */
export const sharesProcess = (file: string): boolean => inOneProcess.some(pattern => matchesGlob(file, pattern))

/** Runs the tests that the patterns name, with the options of the command line; resolves to whether all have passed. */
export async function runTests(patterns: readonly string[]): Promise<boolean> {
  const options = ['--test', '--test-timeout=120000', `--test-concurrency=${concurrency}`, ...process.argv.slice(2)]
  const files = globSync([...patterns], { cwd: root })
  const [together, alone] = [true, false].map(shares => files.filter(file => sharesProcess(file) === shares))
  shareCompiled()
  const shared = startNode([...options, '--test-isolation=none', ...together!])
  const postgres = await sharePostgres()
  const apart = spawn(process.execPath, [...options, ...alone!.filter(postgres.allows)], {
    cwd: root,
    stdio: 'inherit',
  })
  const [status] = await once(apart, 'exit')
  await postgres.stop()
  const { ok, output } = await shared
  console.log(output)
  return status === 0 && ok
}
