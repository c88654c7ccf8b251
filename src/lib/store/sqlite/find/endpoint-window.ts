import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import type { Connection } from '../connection.ts'
import type { WalkStep } from './walk-step.ts'

/** The most numbers of one window. */
const windowSize = 1_000

/** Some numbers of deliveries, and where to go on; undefined at the end. */
export interface Window {
  readonly numbers: readonly number[]
  readonly next: number | undefined
}

/**
 * Finds the next deliveries of an endpoint, of an owner's endpoints or of a message by their indexes, so that a page costs
 * the same however many deliveries of others there are. Undefined if a filter names none of these.
 */
export function createEndpointWindow(database: Connection) {
  const by = (column: string, value: string) => (order: WalkStep['order']) => {
    const [further, direction] = order === 'desc' ? ['<', 'desc'] : ['>', 'asc']
    return database.prepare(
      `select d.number from (${value}) as v cross join ringback_delivery d on d.number in (
         select number from ringback_delivery where ${column} = v.number and number ${further} ?2
         order by number ${direction} limit ${windowSize})
       order by d.number ${direction} limit ${windowSize}`,
    )
  }
  const both = (make: (order: WalkStep['order']) => ReturnType<Connection['prepare']>) => ({
    asc: make('asc'),
    desc: make('desc'),
  })
  const byEndpoint = both(by('endpoint', 'select number from ringback_endpoint where id = ?1'))
  const byOwner = both(by('endpoint', 'select number from ringback_endpoint where owner = ?1'))
  const byMessage = both(by('webhook_message', 'select number from ringback_webhook_message where id = ?1'))
  return ({ endpoint, message, owner }: StoreFilter, { after, order }: WalkStep): Window | undefined => {
    const [statements, value] =
      endpoint !== undefined
        ? [byEndpoint, endpoint]
        : message !== undefined
          ? [byMessage, message]
          : owner !== undefined
            ? [byOwner, owner]
            : []
    if (statements === undefined || value === undefined) return undefined
    const numbers = statements[order].all(value, after).map(row => Number(row.number))
    return { numbers, next: numbers.length === windowSize ? numbers.at(-1) : undefined }
  }
}
