import { deliveryStates } from '../../delivery/delivery-state.ts'
import type { WebhookMessage } from '../../delivery/endpoints/messages.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { bodyLines } from '../body-lines.ts'
import { bodyText } from '../body-text.ts'
import { CommandError } from '../command-error.ts'
import { type Column, tableLines } from '../table.ts'
import { currentTerminal, printJson, printLines, printNote } from '../terminal.ts'
import { timeText } from '../time-text.ts'
import { definite } from './definite.ts'
import { type EndpointsOptions, ofOwner, withEndpoints } from './with-endpoints.ts'

const columns: readonly Column<WebhookMessage>[] = [
  { title: 'SENT', text: ({ createdAt }) => timeText(createdAt.getTime()) },
  { title: 'ID', text: ({ id }) => id },
  { title: 'EVENT', text: ({ event }) => event },
  { title: 'OWNER', text: ({ owner }) => owner ?? '(everyone)', givesWay: 1 },
  { title: 'DELIVERIES', text: deliveriesText },
]

function deliveriesText({ deliveries, expanded }: WebhookMessage): string {
  const parts = deliveryStates.filter(state => deliveries[state] > 0).map(state => `${deliveries[state]} ${state}`)
  return [...parts, ...(expanded ? [] : ['more to be made'])].join(', ') || 'none'
}

/** The options of `ringback messages list`. */
export interface ListMessagesOptions extends EndpointsOptions {
  readonly event?: string
  readonly since?: number
  readonly until?: number
  readonly limit?: number
  readonly cursor?: string
}

/** `ringback messages list` */
export async function listMessages(options: ListMessagesOptions): Promise<void> {
  const { event, since, until, limit, cursor, json } = options
  const times = {
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  }
  const filter = { ...ofOwner(options), ...definite({ event, limit, cursor, ...times }) }
  const { items, nextCursor } = await withEndpoints(options, ({ messages }) => messages.list(filter))
  if (json) return printJson({ items, nextCursor })
  if (items.length === 0) printNote('No messages')
  else printLines(tableLines(columns, items, currentTerminal()))
  if (nextCursor !== null) printNote(`There are more: add --cursor ${nextCursor}`)
}

/** `ringback messages show` */
export async function showMessage(id: string, options: EndpointsOptions): Promise<void> {
  const of = ofOwner(options)
  const message = await withEndpoints(options, ({ messages }) => messages.get(id, of))
  if (message === undefined) throw new CommandError(`There is no message "${id}"`)
  const { body, ...shown } = message
  if (options.json) return printJson({ ...shown, body: (body && bodyText(body)) ?? null })
  const field = (name: string, text: string) => `${name.padEnd(12)}${escapeControls(text)}`
  printLines([
    field('Message', message.id),
    field('Event', message.event),
    field('Owner', message.owner ?? '(everyone)'),
    ...(message.channels.length > 0 ? [field('Channels', message.channels.join(' '))] : []),
    field('Happened', timeText(message.timestamp.getTime())),
    field('Sent', timeText(message.createdAt.getTime())),
    field('Deliveries', deliveriesText(message)),
    ...(body === null ? ['  (no body, or past its retention)'] : bodyLines(body)),
  ])
}

/** `ringback messages cancel` */
export async function cancelMessage(id: string, options: EndpointsOptions): Promise<void> {
  const of = ofOwner(options)
  const { cancelled } = await withEndpoints(options, ({ messages }) => messages.cancel(id, of))
  if (options.json) printJson({ cancelled })
  else printLines([`Cancelled ${cancelled === 1 ? '1 delivery' : `${cancelled} deliveries`}`])
}
