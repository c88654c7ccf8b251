import type { Endpoint } from '../../delivery/endpoints/endpoint.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { type Column, tableLines } from '../table.ts'
import { currentTerminal, printJson, printLines, printNote } from '../terminal.ts'
import { timeText } from '../time-text.ts'
import { definite } from './definite.ts'
import { type EndpointsOptions, ofOwner, withEndpoints } from './with-endpoints.ts'

const columns: readonly Column<Endpoint>[] = [
  { title: 'STATUS', text: statusText, color: ({ status }) => (status === 'enabled' ? 'green' : 'red') },
  { title: 'ID', text: ({ id }) => id },
  { title: 'OWNER', text: ({ owner }) => owner, givesWay: 1 },
  { title: 'EVENTS', text: ({ events }) => events.join(' '), givesWay: 3 },
  { title: 'LAST 2XX', text: ({ lastDeliveredAt }) => timeText(lastDeliveredAt?.getTime()), givesWay: 2 },
  { title: 'URL', text: ({ url }) => url },
]

function statusText({ disabledReason, failingSince }: Endpoint): string {
  if (disabledReason !== null) return `disabled (${disabledReason})`
  return failingSince === null ? 'enabled' : 'failing'
}

/** The options of `ringback endpoints list`. */
export interface ListOptions extends EndpointsOptions {
  readonly status?: 'enabled' | 'disabled'
  readonly event?: string
  readonly failing?: boolean
  readonly limit?: number
  readonly cursor?: string
}

/** `ringback endpoints list` */
export async function listEndpoints(options: ListOptions): Promise<void> {
  const { status, event, failing, limit, cursor, json } = options
  const filter = { ...ofOwner(options), ...definite({ status, event, failing, limit, cursor }) }
  const { items, nextCursor } = await withEndpoints(options, ({ endpoints }) => endpoints.list(filter))
  if (json) return printJson({ items, nextCursor })
  if (items.length === 0) printNote('No endpoints')
  else printLines(tableLines(columns, items, currentTerminal()))
  if (nextCursor !== null) printNote(`There are more: add --cursor ${nextCursor}`)
}

/** `ringback endpoints show` */
export async function showEndpoint(id: string, options: EndpointsOptions): Promise<void> {
  const of = ofOwner(options)
  const endpoint = await withEndpoints(options, ({ endpoints }) => endpoints.get(id, of))
  printEndpoint(endpoint, options)
}

/** Prints an endpoint, and its secret where that is to be shown. */
export function printEndpoint(endpoint: Endpoint & { readonly secret?: string }, { json }: EndpointsOptions): void {
  if (json) {
    printJson(endpoint)
    return
  }
  const field = (name: string, text: string) => `${name.padEnd(12)}${escapeControls(text)}`
  const time = (date: Date | null) => timeText(date?.getTime())
  const { recovery, secrets, metadata } = endpoint
  printLines([
    field('Endpoint', endpoint.id),
    field('Owner', endpoint.owner),
    field('Status', statusText(endpoint)),
    field('URL', endpoint.url),
    field('Events', endpoint.events.join(' ')),
    ...(endpoint.channels.length > 0 ? [field('Channels', endpoint.channels.join(' '))] : []),
    ...(endpoint.description === '' ? [] : [field('Description', endpoint.description)]),
    ...Object.entries(metadata).map(([name, value]) => field('Metadata', `${name}: ${value}`)),
    ...endpoint.headerNames.map(name => field('Header', name)),
    ...(endpoint.ratePerSecond === null ? [] : [field('Rate', `${endpoint.ratePerSecond} in a second`)]),
    ...(endpoint.failingSince === null ? [] : [field('Failing', `since ${time(endpoint.failingSince)}`)]),
    field('Last 2xx', time(endpoint.lastDeliveredAt)),
    ...secrets.map(({ fingerprint, expiresAt }) =>
      field('Secret', `${fingerprint}${expiresAt === null ? '' : `, until ${time(expiresAt)}`}`),
    ),
    ...(recovery === null ? [] : [field('Recovery', `${recovery.state}, ${recovery.deliveries} made due`)]),
    field('Created', time(endpoint.createdAt)),
    ...(endpoint.secret === undefined ? [] : [field('New secret', endpoint.secret)]),
  ])
}
