import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { sharedPostgresVariable, startPostgresServer } from '../test/support/postgres-server.ts'
import { root } from './root.ts'
import { startNode } from './run-tool.ts'

/**
 * Runs all tests. Those of folders that only compute share one process, as starting one for each file costs more than
 * what it tests; every other file has a process of its own, beside that one, as it opens sockets or changes what all share.
 */
const computing = 'src/lib/{definition,expression,json,log,openapi,schema,signature,url}/**/*.test.ts'
const together = globSync(computing, { cwd: root })
const alone = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root }).filter(
  file => !together.includes(file),
)
// Node leaves one core idle, which on a machine with two is half of it.
const concurrency = Math.max(2, availableParallelism() - 1)
const options = ['--test', '--test-timeout=120000', `--test-concurrency=${concurrency}`, ...process.argv.slice(2)]

const shared = startNode([...options, '--test-isolation=none', ...together])
// One server for all of them: a start costs more than most of what is tested with it.
const postgres = await startPostgresServer()
const env = { ...process.env, [sharedPostgresVariable]: postgres.connectionString }
const [status] = await once(
  spawn(process.execPath, [...options, ...alone], { cwd: root, stdio: 'inherit', env }),
  'exit',
)
await postgres.stop()
const { ok, output } = await shared
console.log(output)
if (status !== 0 || !ok) process.exitCode = 1
