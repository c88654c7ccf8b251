#!/usr/bin/env node
import { runCommandLine } from './command-line.ts'

// The reader of our output may stop reading, as `head` does: that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await runCommandLine(process.argv.slice(2))
