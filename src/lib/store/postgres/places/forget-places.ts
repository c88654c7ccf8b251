import type { Transaction } from '../connection/transaction.ts'

const ofAll = (column: string) => `(select p.${column} from ringback.destination p
  where p.number = d.of_all and p.number <> d.number)`

/** Whether a destination "d" is paused and limited as one that is made anew would be: then it may go. */
const isAsMade = `d.held_at is not distinct from ${ofAll('held_at')} and d.rate is not distinct from ${ofAll('rate')}`

/**
 * Removes places without deliveries that nobody paused or limited; with its last destination an origin goes. What somebody
 * else is adding at the moment tells of itself, and then they are made anew.
 */
export async function forgetPlaces({ query }: Transaction, destinations: readonly string[]): Promise<void> {
  if (destinations.length === 0) return
  const gone = await query(forgetDestinations, [destinations])
  if (gone.length > 0) await query(forgetOrigins, [gone.map(({ origin }) => origin)])
}

const forgetDestinations = `delete from ringback.destination d where d.number = any($1::bigint[])
  and not exists (select 1 from ringback.delivery x where x.destination = d.number)
  and not exists (select 1 from ringback.endpoint e where e.destination = d.number) and ${isAsMade}
  returning d.origin`

/** Origins that have no destination any more, and are locked. */
export const forgetOrigins = `delete from ringback.origin o where o.number = any($1::bigint[])
  and not exists (select 1 from ringback.destination d where d.origin = o.number)`
