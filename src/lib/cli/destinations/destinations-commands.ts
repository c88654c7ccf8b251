import { userInfo } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isRatePerSecond, rateText } from '../../delivery/isolation/start-rate.ts'
import { destinationStates } from '../../delivery/isolation/stored-destination.ts'
import { withStoreOptions } from '../store/store-options.ts'

/** Adds `ringback destinations` and what it has below it. */
export function addDestinationsCommands(program: Command): void {
  const destinations = program
    .command('destinations')
    .description('List, pause, resume and limit the destinations of deliveries')
  addList(destinations)
  addPause(destinations)
  addResume(destinations)
  addUpdate(destinations)
}

/** Adds `pause` and `resume` for all sending below `ringback deliveries`. */
export function addSendingCommands(deliveries: Command): void {
  withPauseOptions(deliveries.command('pause'))
    .description('Begin no attempt any more, in all processes that use the store, until resumed')
    .addHelpText(
      'after',
      `
Attempts on their way end, what expires fails, and what is sent meanwhile is
stored. "deliveries list" says that sending is paused.

Example:
  ringback deliveries pause --reason "Restored from a backup"`,
    )
    .action(async options => (await import('./pause-sending.ts')).pauseSending(options))
  withStoreOptions(deliveries.command('resume'))
    .description('Send again, after "pause"')
    .action(async options => (await import('./pause-sending.ts')).resumeSending(options))
}

function addList(destinations: Command): void {
  withStoreOptions(destinations.command('list'))
    .description('List destinations, the newest first')
    .addOption(new Option('--state <state>', 'in this state').choices(destinationStates))
    .option('--text <text>', 'whose URL or recipient contains this')
    .option('--limit <number>', 'how many at most, up to 100 (default: 50)', pageSize)
    .option('--cursor <text>', 'where to go on: what the previous page printed')
    .addHelpText('after', '\nExample:\n  ringback destinations list --state open')
    .action(async options => (await import('./list-destinations.ts')).listDestinations(options))
}

function addPause(destinations: Command): void {
  withRecipient(withPauseOptions(destinations.command('pause')))
    .description('Begin no attempt there any more, until resumed')
    .argument(...urlArgument)
    .addHelpText(
      'after',
      '\nExample:\n  ringback destinations pause https://example.com/hooks --reason "Their request"',
    )
    .action(async (url, options) => (await import('./change-destination.ts')).pauseDestination(url, options))
}

function addResume(destinations: Command): void {
  withRecipient(withStoreOptions(destinations.command('resume')))
    .description('Send there again at once, also where its circuit breaker is open')
    .argument(...urlArgument)
    .addHelpText('after', '\nExample:\n  ringback destinations resume https://example.com/hooks')
    .action(async (url, options) => (await import('./change-destination.ts')).resumeDestination(url, options))
}

function addUpdate(destinations: Command): void {
  withRecipient(withStoreOptions(destinations.command('update')))
    .description('Limit how many attempts may start there in a second')
    .argument(...urlArgument)
    .option('--rate <number>', 'so many in a second', rate)
    .option('--no-rate', "the application's default")
    .addHelpText('after', '\nExample:\n  ringback destinations update https://example.com/hooks --rate 5')
    .action(async (url, options, command: Command) => {
      if (options.rate === undefined) command.error('error: give --rate <number> or --no-rate')
      return (await import('./change-destination.ts')).updateDestination(url, options)
    })
}

const urlArgument = ['<url>', 'its URL, as "destinations list" shows it or as the receiver gave it'] as const

function withRecipient(command: Command): Command {
  return command.option('--recipient <name>', 'only that of this tenant')
}

function withPauseOptions(command: Command): Command {
  return withStoreOptions(command)
    .requiredOption('--reason <text>', 'why, for whoever looks later')
    .option('--by <name>', 'who does it (default: you)', userName())
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // Some containers have no user of this number.
    return 'command line'
  }
}

function rate(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!isRatePerSecond(number)) throw new InvalidArgumentError(`${rateText.replace('give', 'Give')}.`)
  return number
}

function pageSize(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 100) throw new InvalidArgumentError('Give a whole number from 1 to 100.')
  return number
}
