import { type DeliveryState, deliveryStates, isSettled } from '../../../delivery/delivery-state.ts'
import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { storedDeliveryTables } from '../columns.ts'

/** Where the deliveries of one state are found, and few others; or those of all states. */
export interface StateTables {
  /** The tables of deliveries, beginning with that which has those of the state. */
  readonly tables: string
  /** The column of their numbers in the first table. */
  readonly number: string
  /** Written out, so that the indexes of one state are found; after an `and`. */
  readonly where: string
  /** How to walk through the numbers alone; undefined where there are few. */
  readonly walk: { readonly table: string; readonly number: string; readonly where: string } | undefined
}

const all: StateTables = {
  tables: storedDeliveryTables(),
  number: 'd.number',
  where: '',
  walk: { table: 'ringback_delivery', number: 'number', where: '' },
}

/** The states that a filter names, each with its tables; a word that is no state has none. */
export function stateTablesOf({ state }: Pick<StoreFilter, 'state'>): readonly StateTables[] {
  if (state === undefined) return [all]
  const states = new Set(typeof state === 'string' ? [state] : state)
  return deliveryStates.filter(each => states.has(each)).map(tablesOf)
}

function tablesOf(state: DeliveryState): StateTables {
  if (isSettled(state)) {
    const where = ` and state = '${state}'`
    return {
      tables: `ringback_settled s cross join ${storedDeliveryTables('s.delivery', 's')}`,
      number: 's.delivery',
      where: ` and s.state = '${state}'`,
      // Most are delivered: these have no index.
      walk: { table: 'ringback_settled', number: 'delivery', where: state === 'delivered' ? '' : where },
    }
  }
  const tables = storedDeliveryTables('q.number', 'q')
  if (state === 'scheduled')
    return {
      tables: `ringback_queue q cross join ${tables}`,
      number: 'q.number',
      where: ' and q.leased_at is null',
      walk: { table: 'ringback_queue', number: 'number', where: '' },
    }
  return {
    tables: `ringback_queue q indexed by ringback_queue_leased cross join ${tables}`,
    // "+" keeps the planner from walking all rows for their order.
    number: '+q.number',
    where: ' and q.leased_at is not null',
    walk: undefined,
  }
}
