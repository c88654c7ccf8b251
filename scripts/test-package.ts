import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { everySource } from './bundle.ts'
import { root } from './root.ts'
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
const { status } = spawnSync(process.execPath, [...testOptions, ...process.argv.slice(2), 'src/**/*.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${redirect}` },
})
process.exitCode = status ?? 1
