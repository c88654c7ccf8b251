import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { deliveryTables, rowColumns, webhookTables } from '../find/delivery-columns.ts'
import { lockPlaces, lockWithoutWaiting } from '../places/lock-places.ts'
import { placeArrivals } from '../places/place-arrivals.ts'

/** The rows of deliveries by their ids, in the order of the ids, with their places locked: nobody else changes them now. */
export async function lockRows(transaction: Transaction, ids: readonly string[], now: number): Promise<Row[]> {
  const before = await transaction.query(byId, [ids])
  const destinations = [...new Set(before.map(({ destination }) => text(destination)))]
  await lockPlaces(transaction, destinations)
  await placeArrivals(transaction, now)
  // Some of them may have been made only now.
  await lockWithoutWaiting(transaction, destinations)
  await transaction.query(lockQueue, [before.map(({ number }) => number)])
  return onlyThose(before, await transaction.query(byId, [ids]))
}

const byId = `select ${rowColumns}, h.holders from unnest($1::text[]) with ordinality as j(id, ord)
  join ringback.delivery d on d.id = j.id left join ringback.queue q on q.number = d.number
  left join ringback.settled s on s.delivery = d.number left join ringback.held h on h.delivery = d.number
  ${webhookTables}
  order by j.ord`

/** An attempt that ends well does so without a lock of its places. */
const lockQueue = `select number from ringback.queue where number = any($1::bigint[]) order by number for update`

/** The same by numbers. */
export async function lockRowsByNumber(transaction: Transaction, numbers: readonly unknown[]): Promise<Row[]> {
  const before = await transaction.query(byNumber, [numbers])
  await lockPlaces(transaction, [...new Set(before.map(({ destination }) => text(destination)))])
  await transaction.query(lockQueue, [numbers])
  return onlyThose(before, await transaction.query(byNumber, [numbers]))
}

const byNumber = `select ${rowColumns} from ${deliveryTables} where d.number = any($1::bigint[]) order by d.number`

/** What was added only now is not locked. */
function onlyThose(before: readonly Row[], rows: readonly Row[]): Row[] {
  const known = new Set(before.map(({ number }) => number))
  return rows.filter(({ number }) => known.has(number))
}
