import { type Command, InvalidArgumentError } from 'commander'
import { type DeliveryState, deliveryStates, isSettled } from '../delivery/delivery-state.ts'
import type { FilterOptions } from './deliveries-options.ts'
import { addSendingCommands } from './destinations/destinations-commands.ts'
import { withStoreOptions } from './store/store-options.ts'
import { parsedTime } from './time-option.ts'

/** Adds `ringback deliveries` and what it has below it. */
export function addDeliveriesCommands(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description('List, show, replay and cancel deliveries, pause all sending, and look after their store')
    .addHelpText('after', storeHelp)
  addList(deliveries)
  addShow(deliveries)
  addReplay(deliveries)
  addSendNow(deliveries)
  addCancel(deliveries)
  addSendingCommands(deliveries)
  addCompact(deliveries)
  addBackup(deliveries)
}

const storeHelp = `
The store is the file or database server (postgres://…, and its schema in
RINGBACK_SCHEMA) that --store or RINGBACK_STORE names, else
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
    .option('--all', 'every delivery that matches (without --state, only failed ones), and wait for it')
    .addHelpText(
      'after',
      `${timeHelp}\n\nExample:\n  ringback deliveries replay --all --url https://example.com/ --since 2d`,
    )
    .action(async (id: string | undefined, options, command: Command) => {
      const { all, newId, ...rest } = options
      const { replayAll, replayOne } = await import('./replay-deliveries.ts')
      if (all && id === undefined) return replayAll({ ...rest, newId })
      const filters = filterNames.filter(name => name in rest)
      if (!all && id !== undefined && filters.length === 0) return replayOne(id, { ...rest, newId })
      command.error('error: give either one id or --all (with or without filters)')
    })
}

function addSendNow(deliveries: Command): void {
  withStoreOptions(deliveries.command('send-now'))
    .description('Make a scheduled delivery due at once; one that waits for its destination goes on waiting')
    .argument('<id>', 'its id, msg_…, or the webhook-id that its receiver got')
    .addHelpText('after', '\nExample:\n  ringback deliveries send-now msg_0mi8dq1wc8z4k2x7v9b5n3q6t')
    .action(async (id, options) => (await import('./send-now.ts')).sendNow(id, options))
}

function addCancel(deliveries: Command): void {
  withStoreOptions(deliveries.command('cancel'))
    .description('Cancel a delivery that is not settled; a request already on its way is not recalled')
    .argument('<id>', 'its id, msg_…, or the webhook-id that its receiver got')
    .addHelpText('after', '\nExample:\n  ringback deliveries cancel msg_0mi8dq1wc8z4k2x7v9b5n3q6t')
    .action(async (id, options) => (await import('./cancel-delivery.ts')).cancelDelivery(id, options))
}

function addCompact(deliveries: Command): void {
  withStoreOptions(deliveries.command('compact'))
    .description('Give the room that is free in the store back to the disk')
    .addHelpText(
      'after',
      `
The file is written anew, which needs free room of about twice its size. Servers
can keep running, but store and send nothing meanwhile.

Example:
  ringback deliveries compact --store .ringback/deliveries.sqlite`,
    )
    .action(async options => (await import('./compact-store.ts')).compactStore(options))
}

function addBackup(deliveries: Command): void {
  withStoreOptions(deliveries.command('backup'))
    .description('Copy the store to a new file while servers use it')
    .argument('<file>', 'the file to write, which must not exist')
    .addHelpText(
      'after',
      `
The copy is the store at one moment, and only its owner can read it. The master
secret is not in it: keep that apart. The ids that are printed say which master
secrets the copy belongs to.

Example:
  ringback deliveries backup backups/deliveries-$(date +%F).sqlite`,
    )
    .action(async (file, options) => (await import('./backup-store.ts')).backupStore(file, options))
}

const filterNames = [
  ...(['state', 'operation', 'callback', 'url', 'id', 'idempotencyKey', 'destination', 'recipient'] as const),
  ...(['attempted', 'since', 'until'] as const),
] as const satisfies readonly (keyof FilterOptions)[]

function withFilter(command: Command, states: readonly DeliveryState[]): Command {
  return withStoreOptions(command)
    .option(
      '--state <states>',
      `in this state, or any of several with commas between: ${states.join(', ')}`,
      statesOf(states),
    )
    .option('--operation <id>', 'of this operation, by its operationId')
    .option('--callback <name>', 'of the callback with this name')
    .option('--url <beginning>', 'whose URL begins with this')
    .option('--id <beginning>', 'whose id begins with this')
    .option('--idempotency-key <beginning>', 'whose idempotency key begins with this')
    .option('--destination <url>', 'to this base URL, which the receiver gave')
    .option('--recipient <name>', 'for this tenant')
    .option('--attempted', 'that had an attempt')
    .option('--no-attempted', 'that had no attempt')
    .option('--since <time>', 'created then or later', parsedTime)
    .option('--until <time>', 'created before', parsedTime)
}

function statesOf(states: readonly DeliveryState[]) {
  return (text: string, before: readonly DeliveryState[] = []): readonly DeliveryState[] => {
    const given = text.split(',').map(each => states.find(state => state === each.trim()))
    if (given.includes(undefined)) throw new InvalidArgumentError(`Allowed choices are ${states.join(', ')}.`)
    return [...before, ...given.filter(state => state !== undefined)]
  }
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
