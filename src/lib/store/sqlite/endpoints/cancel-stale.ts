import type { SettledReason } from '../../../delivery/delivery-state.ts'
import { optionalText } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import type { Places } from '../place.ts'
import type { Settle } from '../settle.ts'

/** Settles what waited for endpoints when they were disabled or deleted, a piece at a time; true while there may be more. */
export function createCancelStale(database: Connection, places: Places, settle: Settle) {
  const first = database.prepare(
    'select number, origin, epoch from ringback_destination where cancelling = 1 and number > 0 order by number limit 1',
  )
  const stale = database.prepare(
    `select q.number, q.ordering_key, ${cancelReason} as reason
     from (select * from (${waiting('behind = 0')})
       union all select * from (${waiting('ordering_key is not null and behind > 0')}) limit ?3) w
     cross join ringback_queue q on q.number = w.number cross join ringback_delivery d on d.number = q.number
     left join ringback_endpoint e on e.number = d.endpoint order by q.number`,
  )
  const done = database.prepare('update ringback_destination set cancelling = 0 where number = ?')
  return ({ limit, now }: { readonly limit: number; readonly now: number }): boolean => {
    const at = first.get()
    if (at === undefined) return false
    const destination = Number(at.number)
    const rows = stale.all(destination, Number(at.epoch), limit)
    for (const row of rows) {
      const delivery = { number: Number(row.number), destination, orderingKey: optionalText(row.ordering_key) }
      const reason = optionalText(row.reason) as SettledReason
      settle(delivery, { from: 'scheduled', state: 'cancelled', reason }, now)
    }
    if (rows.length === limit) return true
    done.run(destination)
    places.refreshDestinations([destination], now)
    places.refreshOrigins([Number(at.origin)], now)
    return true
  }
}

/** Why the delivery of an endpoint is cancelled, by its number. */
export function createCancelReason(database: Connection): (delivery: number) => SettledReason {
  const one = database.prepare(
    `select ${cancelReason} as reason from ringback_delivery d left join ringback_endpoint e on e.number = d.endpoint
     where d.number = ?`,
  )
  return delivery => optionalText(one.get(delivery)?.['reason']) as SettledReason
}

/** What waits behind another one of its key stands in another index than the rest. */
const waiting = (where: string) => `select number from ringback_queue
  where destination = ?1 and leased_at is null and ${where} and epoch < ?2 limit ?3`

const cancelReason = "iif(e.deleted_at is null, 'endpoint-disabled', 'endpoint-deleted')"
