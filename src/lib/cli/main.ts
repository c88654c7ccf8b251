#!/usr/bin/env node
import { runCommandLine } from './command-line.ts'

// The reader of our output may stop reading, as `head` does: that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const args = process.argv.slice(2)
const exitCode = await runCommandLine(args)
process.exitCode = exitCode
// An application that was loaded, and is not to run, may hold on to timers and connections.
if (exitCode !== 0 || args[0] === 'openapi') process.stdout.write('', () => process.exit(exitCode))
