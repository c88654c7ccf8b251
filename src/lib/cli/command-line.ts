import { Command, CommanderError } from 'commander'
import { RingbackError } from '../error.ts'
import { escapeControls } from '../log/escape-controls.ts'
import { addAppCommands } from './app/app-commands.ts'
import { addCheckCommand } from './check/check-command.ts'
import { CommandError } from './command-error.ts'
import { addDeliveriesCommands } from './deliveries-commands.ts'
import { addDestinationsCommands } from './destinations/destinations-commands.ts'
import { addEndpointsCommands, addMessagesCommands } from './endpoints/endpoints-commands.ts'
import { addKeysCommands } from './keys/keys-commands.ts'
import { addReceiverCommands } from './listen/receiver-commands.ts'
import { packageVersion } from './package-version.ts'
import { addReceiverCommand } from './receiver/receiver-command.ts'
import { addMigrateCommand } from './store/migrate-command.ts'

const exitCodes = { done: 0, refused: 1, wrongUsage: 2 } as const

/**
 * Runs the command that the arguments name and resolves to the exit code: 0 where it was done, 1 where what was asked for
 * is not there or was refused (the reason is on stderr), 2 where the command line is wrong or a document cannot be read.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    // Commander has written its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage
    if (!(error instanceof CommandError || error instanceof RingbackError)) throw error
    process.stderr.write(`${escapeControls(error.message)}\n`)
    return error instanceof CommandError ? error.exitCode : exitCodes.refused
  }
}

/** What a command does is loaded when it runs, so that each one starts quickly. */
function createProgram(): Command {
  const program = new Command('ringback')
    .description(
      'Serves an API, inspects the callbacks that it sends, manages its keys, and helps whoever receives callbacks',
    )
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(run with --help to see commands and options)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 not found or refused (the reason is on stderr), 2 usage error or\nunreadable document',
    )
  addAppCommands(program)
  addCheckCommand(program)
  addReceiverCommands(program)
  addReceiverCommand(program)
  addDeliveriesCommands(program)
  addDestinationsCommands(program)
  addEndpointsCommands(program)
  addMessagesCommands(program)
  addKeysCommands(program)
  addMigrateCommand(program)
  return program
}
