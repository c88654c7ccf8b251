import { type DeliveryState, deliveryStates, isSettled } from '../../../delivery/delivery-state.ts'
import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { deliveryTables, webhookTables } from './delivery-columns.ts'

/** Where the deliveries of one state are found, and few others; or those of all states. */
export interface StateTables {
  readonly tables: string
  /** The column of their numbers by which they are found. */
  readonly number: string
  /** After an `and`. */
  readonly where: string
  /** How to walk through the numbers alone; undefined where there are few. */
  readonly walk: { readonly table: string; readonly number: string; readonly where: string } | undefined
}

const all: StateTables = {
  tables: deliveryTables,
  number: 'd.number',
  where: '',
  walk: { table: 'delivery', number: 'number', where: '' },
}

/** The states that a filter names, each with its tables; a word that is no state has none. */
export function stateTablesOf({ state }: Pick<StoreFilter, 'state'>): readonly StateTables[] {
  if (state === undefined) return [all]
  const states = new Set(typeof state === 'string' ? [state] : state)
  return deliveryStates.filter(each => states.has(each)).map(tablesOf)
}

function tablesOf(state: DeliveryState): StateTables {
  if (isSettled(state))
    return {
      tables: `ringback.settled s join ringback.delivery d on d.number = s.delivery
        left join ringback.queue q on false ${webhookTables}`,
      number: 's.delivery',
      where: ` and s.state = '${state}'`,
      // Most are delivered: these have no index.
      walk: { table: 'settled', number: 'delivery', where: state === 'delivered' ? '' : ` and state = '${state}'` },
    }
  const isScheduled = state === 'scheduled'
  return {
    tables: `ringback.queue q join ringback.delivery d on d.number = q.number left join ringback.settled s on false
      ${webhookTables}`,
    number: 'q.number',
    where: ` and q.leased_at is ${isScheduled ? '' : 'not '}null`,
    walk: isScheduled ? { table: 'queue', number: 'number', where: '' } : undefined,
  }
}
