import type { Delivery, ListDeliveriesOptions } from '../delivery/deliveries.ts'
import { escapeControls } from '../log/escape-controls.ts'
import type { FilterOptions, StoreOptions } from './deliveries-options.ts'
import { deliveryJson } from './delivery-json.ts'
import { sentName } from './sent-name.ts'
import { stateColor } from './state-color.ts'
import { withDeliveries } from './store/open-deliveries.ts'
import { type Column, tableLines } from './table.ts'
import { currentTerminal, printJson, printLines, printNote } from './terminal.ts'
import { timeText } from './time-text.ts'

const columns: readonly Column<Delivery>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'STATE', text: stateText, color: ({ state }) => stateColor[state] },
  { title: 'TRIES', text: ({ attemptCount }) => String(attemptCount) },
  { title: 'CREATED', text: ({ createdAt }) => timeText(createdAt), givesWay: 1 },
  { title: 'NEXT', text: ({ nextAttemptAt }) => timeText(nextAttemptAt), givesWay: 3 },
  { title: 'SETTLED', text: ({ settledAt }) => timeText(settledAt), givesWay: 4 },
  { title: 'CALLBACK', text: sentName, givesWay: 2 },
  { title: 'URL', text: ({ url }) => url },
]

/** The state, and why where the attempts do not say it. */
function stateText({ state, reason }: Delivery): string {
  return reason === undefined ? state : `${state} (${reason})`
}

/** `ringback deliveries list` */
export async function listDeliveries(
  options: StoreOptions & FilterOptions & Pick<ListDeliveriesOptions, 'limit' | 'cursor'>,
): Promise<void> {
  const { store, json, ...query } = options
  const { items, nextCursor, pause } = await withDeliveries(store, async ({ deliveries }) => ({
    ...(await deliveries.list(query)),
    pause: await deliveries.paused(),
  }))
  if (json) return printJson({ items: items.map(deliveryJson), nextCursor })
  if (pause !== undefined) printNote(escapeControls(`Sending is paused by ${pause.by}: ${pause.reason}`))
  if (items.length === 0) return printNote('No deliveries')
  printLines(tableLines(columns, items, currentTerminal()))
  if (nextCursor !== undefined) printNote(`There are more: add --cursor ${nextCursor}`)
}
