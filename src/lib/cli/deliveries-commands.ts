import { type Command, InvalidArgumentError, Option } from 'commander'
import { type DeliveryState, deliveryStates, isSettled } from '../delivery/delivery-state.ts'
import { addSendingCommands } from './destinations/destinations-commands.ts'
import { withStoreOptions } from './store-options.ts'
import { parseTime } from './time-text.ts'

/** Adds `ringback deliveries` and what it has below it. */
export function addDeliveriesCommands(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description('List, show, replay and cancel deliveries, and pause all sending')
    .addHelpText('after', storeHelp)
  addList(deliveries)
  addShow(deliveries)
  addReplay(deliveries)
  addCancel(deliveries)
  addSendingCommands(deliveries)
}

const storeHelp = `
The store is the file that --store or RINGBACK_STORE names, else
.ringback/deliveries.sqlite beside the nearest package.json above the working
directory. Servers can keep using it.`

const timeHelp = `
Times are shown in UTC. Give a time in ISO 8601 (2026-01-31, 2026-01-31T12:00;
UTC unless it names a zone) or as an age: 90s, 30m, 2h, 7d.`

function addList(deliveries: Command): void {
  withFilter(deliveries.command('list'), deliveryStates)
    .description('List deliveries, the newest first')
    .option('--limit <number>', 'how many at most, up to 500 (default: 50)', pageSize)
    .option('--cursor <text>', 'where to go on: what the previous page printed', pageCursor)
    .addHelpText('after', `${timeHelp}\n\nExample:\n  ringback deliveries list --state failed --since 24h`)
    .action(async options => (await import('./list-deliveries.ts')).listDeliveries(options))
}

function addShow(deliveries: Command): void {
  withStoreOptions(deliveries.command('show'))
    .description('Show one delivery: what was sent, and how each attempt went')
    .argument('<id>', 'its id, msg_…, or the webhook-id that its receiver got')
    .addHelpText(
      'after',
      `
URL queries and the values of credential headers are masked; bodies are not.
Headers are sealed in the store: the master secret is taken from
RINGBACK_MASTER_SECRET, or else from the file beside the store. Times are shown
in UTC.

Example:
  ringback deliveries show msg_0mi8dq1wc8z4k2x7v9b5n3q6t`,
    )
    .action(async (id, options) => (await import('./show-delivery.ts')).showDelivery(id, options))
}

function addReplay(deliveries: Command): void {
  withFilter(deliveries.command('replay'), deliveryStates.filter(isSettled))
    .description('Send a settled delivery again: the same bytes, at once')
    .argument('[id]', 'its id, msg_…, or the webhook-id that its receiver got')
    .option('--new-id', 'under a new id, so that a receiver that already has it treats it as new')
    .option('--all', 'every delivery that matches (without --state, only failed ones)')
    .addHelpText(
      'after',
      `${timeHelp}\n\nExample:\n  ringback deliveries replay --all --url https://example.com/ --since 2d`,
    )
    .action(async (id: string | undefined, options, command: Command) => {
      const { all, newId, ...rest } = options
      const { replayAll, replayOne } = await import('./replay-deliveries.ts')
      if (all && id === undefined && !newId) return replayAll(rest)
      const filters = ['state', 'operation', 'callback', 'url', 'recipient', 'since', 'until'].filter(
        name => name in rest,
      )
      if (!all && id !== undefined && filters.length === 0) return replayOne(id, { ...rest, newId })
      command.error('error: give either one id (with or without --new-id) or --all (with or without filters)')
    })
}

function addCancel(deliveries: Command): void {
  withStoreOptions(deliveries.command('cancel'))
    .description('Cancel a delivery that is not settled; a request already on its way is not recalled')
    .argument('<id>', 'its id, msg_…, or the webhook-id that its receiver got')
    .addHelpText('after', '\nExample:\n  ringback deliveries cancel msg_0mi8dq1wc8z4k2x7v9b5n3q6t')
    .action(async (id, options) => (await import('./cancel-delivery.ts')).cancelDelivery(id, options))
}

function withFilter(command: Command, states: readonly DeliveryState[]): Command {
  return withStoreOptions(command)
    .addOption(new Option('--state <state>', 'in this state').choices(states))
    .option('--operation <id>', 'of this operation, by its operationId')
    .option('--callback <name>', 'of the callback with this name')
    .option('--url <beginning>', 'whose URL begins with this')
    .option('--recipient <name>', 'for this tenant')
    .option('--since <time>', 'created then or later', time)
    .option('--until <time>', 'created before', time)
}

function time(text: string): number {
  const timeMs = parseTime(text, Date.now())
  if (timeMs === undefined) throw new InvalidArgumentError('Give an ISO 8601 time or an age such as 2h.')
  return timeMs
}

function pageSize(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 500) throw new InvalidArgumentError('Give a whole number from 1 to 500.')
  return number
}

/** Not what a page would have said: nothing would be found there, in silence. */
function pageCursor(text: string): string {
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('Give the cursor that the previous page printed.')
  return text
}
