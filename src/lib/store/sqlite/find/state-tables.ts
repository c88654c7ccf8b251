import { type DeliveryState, deliveryStates, isSettled } from '../../../delivery/delivery-state.ts'
import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { storedDeliveryTables } from '../columns.ts'

/** The tables in which the deliveries of one state, and few others, are found; or those for all states. */
export interface StateTables {
  /** The tables of deliveries, beginning with the one that has those of this state. */
  readonly tables: string
  /** The column of the delivery's number in the first table. */
  readonly number: string
  /**
   * The condition on the state, beginning with `and`. It is written out so that SQLite finds the index of this state.
   */
  readonly where: string
  /** How to walk through the numbers alone; undefined if there are few of them. */
  readonly walk: { readonly table: string; readonly number: string; readonly where: string } | undefined
}

const all: StateTables = {
  tables: storedDeliveryTables(),
  number: 'd.number',
  where: '',
  walk: { table: 'ringback_delivery', number: 'number', where: '' },
}

/** The tables for each state that a filter names. Unknown states have none. */
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
      // Most deliveries are delivered, and these have no index.
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
    // The "+" keeps SQLite's planner from walking through all rows to get them in order.
    number: '+q.number',
    where: ' and q.leased_at is not null',
    walk: undefined,
  }
}
