import type { Destination, ListDestinationsOptions } from '../../delivery/destinations.ts'
import type { DestinationState } from '../../delivery/isolation/stored-destination.ts'
import type { StoreOptions } from '../deliveries-options.ts'
import { isoTime } from '../delivery-json.ts'
import { type Column, tableLines } from '../table.ts'
import { currentTerminal, printJson, printLines, printNote, type TerminalColor } from '../terminal.ts'
import { timeText } from '../time-text.ts'
import { withDestinations } from './with-destinations.ts'

const color: Readonly<Record<DestinationState, TerminalColor>> = {
  healthy: 'green',
  slowed: 'yellow',
  open: 'red',
  paused: 'cyan',
}

/** Of more, nobody counts. */
const most = 1_000

const columns: readonly Column<Destination>[] = [
  { title: 'STATE', text: ({ state }) => state, color: ({ state }) => color[state] },
  { title: 'WAITING', text: ({ waiting }) => (waiting < most ? String(waiting) : `${most}+`) },
  { title: 'OLDEST', text: ({ oldestWaitingAt }) => timeText(oldestWaitingAt), givesWay: 2 },
  { title: 'LAST 2XX', text: ({ lastSuccessAt }) => timeText(lastSuccessAt), givesWay: 3 },
  {
    title: 'RATE',
    text: ({ ratePerSecond }) => (ratePerSecond === undefined ? '-' : String(ratePerSecond)),
    givesWay: 4,
  },
  { title: 'RECIPIENT', text: ({ recipient }) => recipient ?? '-', givesWay: 5 },
  { title: 'REASON', text: reasonText, givesWay: 1 },
  { title: 'URL', text: ({ url }) => url },
]

function reasonText({ reason, pausedBy, pausedUntil }: Destination): string {
  if (reason === undefined) return '-'
  if (pausedBy !== undefined) return `${reason} (${pausedBy})`
  return pausedUntil === undefined ? reason : `${reason}, until ${timeText(pausedUntil)}`
}

/** `ringback destinations list` */
export async function listDestinations({
  store,
  json,
  ...query
}: StoreOptions & ListDestinationsOptions): Promise<void> {
  const { items, nextCursor } = await withDestinations(store, destinations => destinations.list(query))
  if (json) return printJson({ items: items.map(destinationJson), nextCursor })
  if (items.length === 0) printNote('No destinations')
  else printLines(tableLines(columns, items, currentTerminal()))
  if (nextCursor !== undefined) printNote(`There are more: add --cursor ${nextCursor}`)
}

/** For programs: times are ISO 8601 in UTC. */
function destinationJson(destination: Destination) {
  const { pausedUntil, pausedAt, oldestWaitingAt, lastSuccessAt } = destination
  return {
    ...destination,
    pausedUntil: isoTime(pausedUntil),
    pausedAt: isoTime(pausedAt),
    oldestWaitingAt: isoTime(oldestWaitingAt),
    lastSuccessAt: isoTime(lastSuccessAt),
  }
}
