import { type Command, InvalidArgumentError, Option } from 'commander'
import { withStoreOptions } from '../store/store-options.ts'
import { parsedTime } from '../time-option.ts'

/** Adds `ringback endpoints` and what it has below it. */
export function addEndpointsCommands(program: Command): void {
  const endpoints = program
    .command('endpoints')
    .description('List, register and change the endpoints of webhooks, and bring back what they missed')
  addReading(endpoints)
  addRegistering(endpoints)
  addSwitching(endpoints)
  addSecrets(endpoints)
  addMoving(endpoints)
}

/** Adds `ringback messages` and what it has below it. */
export function addMessagesCommands(program: Command): void {
  const messages = program.command('messages').description('List, show and cancel what was sent to endpoints')
  withOwner(messages.command('list'))
    .description('List messages, the newest first')
    .option('--event <name>', 'of this event')
    .option('--since <time>', 'sent at this time or later, such as 2h or 2026-01-31T12:00:00Z', parsedTime)
    .option('--until <time>', 'sent before this time', parsedTime)
    .option('--limit <number>', 'how many at most, up to 100 (default: 50)', pageSize)
    .option('--cursor <text>', 'where to go on: what the previous page printed')
    .addHelpText('after', '\nExample:\n  ringback messages list --owner acme --since 2h')
    .action(async options => (await import('./messages.ts')).listMessages(options))
  withOwner(messages.command('show'))
    .description('Show a message, its body, and what became of its deliveries')
    .argument('<id>', 'its id')
    .action(async (id, options) => (await import('./messages.ts')).showMessage(id, options))
  withOwner(messages.command('cancel'))
    .description('Make no further deliveries of a message, and cancel those that wait')
    .argument('<id>', 'its id')
    .action(async (id, options) => (await import('./messages.ts')).cancelMessage(id, options))
}

const idArgument = ['<id>', 'its id, as "endpoints list" shows it'] as const

function addReading(endpoints: Command): void {
  withOwner(endpoints.command('list'))
    .description('List endpoints, the newest first')
    .addOption(new Option('--status <status>', 'with this status').choices(['enabled', 'disabled']))
    .option('--event <name>', 'that listen to this event')
    .option('--failing', 'whose last attempts failed')
    .option('--limit <number>', 'how many at most, up to 100 (default: 50)', pageSize)
    .option('--cursor <text>', 'where to go on: what the previous page printed')
    .addHelpText('after', '\nExample:\n  ringback endpoints list --everyone --failing')
    .action(async options => (await import('./show-endpoints.ts')).listEndpoints(options))
  withOwner(endpoints.command('show'))
    .description('Show an endpoint')
    .argument(...idArgument)
    .action(async (id, options) => (await import('./show-endpoints.ts')).showEndpoint(id, options))
}

function addRegistering(endpoints: Command): void {
  withValues(withOwner(endpoints.command('create')))
    .description('Register an endpoint, and print its secret')
    .argument('<url>', 'where its webhooks are sent')
    .addHelpText(
      'after',
      `
The secret is shown only now. Give --app so that the events are checked and the
application's rules for destinations hold.

Example:
  ringback endpoints create https://example.com/hooks --owner acme --event invoice.paid --app app.ts`,
    )
    .action(async (url, options) => (await import('./change-endpoint.ts')).createEndpoint(url, options))
  withValues(withOwner(endpoints.command('update')))
    .description('Change an endpoint')
    .argument(...idArgument)
    .option('--url <url>', 'where its webhooks are sent from now on, also those that wait')
    .addHelpText('after', '\nExample:\n  ringback endpoints update ep_… --owner acme --rate 5 --app app.ts')
    .action(async (id, options) => (await import('./change-endpoint.ts')).updateEndpoint(id, options))
  withOwner(endpoints.command('delete'))
    .description('Delete an endpoint; what waits for it is cancelled')
    .argument(...idArgument)
    .action(async (id, options) => (await import('./change-endpoint.ts')).deleteEndpoint(id, options))
}

function addSwitching(endpoints: Command): void {
  withOwner(endpoints.command('enable'))
    .description('Enable an endpoint')
    .argument(...idArgument)
    .option('--recover-since <time>', 'and bring back what it missed since then', parsedTime)
    .addHelpText('after', '\nExample:\n  ringback endpoints enable ep_… --owner acme --recover-since 3d')
    .action(async (id, options) => (await import('./change-endpoint.ts')).enableEndpoint(id, options))
  withOwner(endpoints.command('disable'))
    .description('Disable an endpoint; what waits for it is cancelled. With --everyone only an operator can enable it')
    .argument(...idArgument)
    .action(async (id, options) => (await import('./change-endpoint.ts')).disableEndpoint(id, options))
  withOwner(endpoints.command('recover'))
    .description('Send again what failed, and what was never made while it was disabled or did not listen')
    .argument(...idArgument)
    .requiredOption('--since <time>', 'from when on, such as 3d or 2026-01-31T12:00:00Z', parsedTime)
    .option('--until <time>', 'until when (default: now)', parsedTime)
    .addOption(new Option('--include <which>', 'which of them (default: all)').choices(['failed', 'missed', 'all']))
    .addHelpText('after', '\nExample:\n  ringback endpoints recover ep_… --owner acme --since 3d')
    .action(async (id, options) => (await import('./change-endpoint.ts')).recoverEndpoint(id, options))
}

function addSecrets(endpoints: Command): void {
  withOwner(endpoints.command('rotate'))
    .description('Give an endpoint a new secret, and print it')
    .argument(...idArgument)
    .option('--overlap <seconds>', 'how long the previous one keeps signing (default: 86400; 0 if it leaked)', seconds)
    .addHelpText('after', '\nExample:\n  ringback endpoints rotate ep_… --owner acme --overlap 3600')
    .action(async (id, options) => (await import('./change-endpoint.ts')).rotateEndpoint(id, options))
  withOwner(endpoints.command('test'))
    .description("Send an event's example to an endpoint now, once; its id begins with test_")
    .argument(...idArgument)
    .requiredOption('--event <name>', 'which event')
    .addHelpText('after', '\nExample:\n  ringback endpoints test ep_… --owner acme --event invoice.paid --app app.ts')
    .action(async (id, options) => (await import('./change-endpoint.ts')).testEndpoint(id, options))
}

function addMoving(endpoints: Command): void {
  withApp(endpoints.command('import'))
    .description('Take endpoints over from another system: one JSON object a line')
    .argument('<file>', 'the file; - for standard input')
    .addHelpText(
      'after',
      `
Each line has "owner", "url", "events" and "secrets", and may have "id",
"description", "channels", "metadata", "headers", "ratePerSecond",
"headerPrefixes", "disabled" and "createdAt". It may be repeated: what is there
already stays.

Example:
  ringback endpoints import endpoints.ndjson --app app.ts`,
    )
    .action(async (file, options) => (await import('./move-endpoints.ts')).importEndpoints(file, options))
  withOwner(endpoints.command('export'))
    .description('Print endpoints in the form that "import" takes')
    .option('--secrets', 'with their secrets and the values of their headers')
    .addHelpText('after', '\nExample:\n  ringback endpoints export --everyone --secrets > endpoints.ndjson')
    .action(async options => (await import('./move-endpoints.ts')).exportEndpoints(options))
}

function withApp(command: Command): Command {
  return withStoreOptions(command)
    .option('--app <file>', 'the file of the application: its events, rules and store hold')
    .option('--env-file <file>', 'with --app: set environment variables from this file; those that are set stay')
    .option('--allow-loopback', 'with --app, for development: endpoints may be on this machine')
}

function withOwner(command: Command): Command {
  return withApp(command)
    .option('--owner <name>', 'whose endpoints')
    .addOption(new Option('--everyone', 'those of all owners').conflicts('owner'))
}

function withValues(command: Command): Command {
  return command
    .option('--event <names...>', 'the events it gets; "*" is every documented one')
    .option('--channel <names...>', 'only messages that are sent to one of these')
    .option('--description <text>', 'what it is for')
    .option('--header <header...>', 'a header of its requests, as "name: value"; "name:" removes it')
    .option('--rate <number>', 'so many attempts in a second at most', Number)
    .option('--no-rate', 'any number')
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number of seconds.')
  return Number(text)
}

function pageSize(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 100) throw new InvalidArgumentError('Give a whole number from 1 to 100.')
  return number
}
