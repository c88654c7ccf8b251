import type { DeliveryState } from '../../../delivery/delivery-state.ts'
import type {
  CancelMessageRequest,
  MessageQuery,
  OfOwnerRequest,
  StoredMessage,
  StoredMessagePage,
} from '../../../delivery/endpoints/endpoint-store.ts'
import { stateCounts, storedMessage } from '../../endpoints/message-rows.ts'
import { optionalBytes, type Row, text } from '../../rows/row.ts'
import { stateColumn } from '../columns.ts'
import type { Connection } from '../connection.ts'
import type { Attempts } from '../end-attempts.ts'
import { orderedOf, type Removal, rowColumns, rowTables, stateOf, waits } from '../remove.ts'
import type { Settle } from '../settle.ts'
import type { Fanouts } from './fanouts.ts'

/** What is needed to cancel messages. */
export interface MessageQueryParts {
  readonly fanouts: Pick<Fanouts, 'end'>
  readonly settle: Settle
  readonly attempts: Pick<Attempts, 'abandon'>
  readonly removal: Pick<Removal, 'forget'>
}

/** Finds messages of webhooks, counts their deliveries, and cancels these. */
export function createMessageQueries(database: Connection, parts: MessageQueryParts) {
  const one = database.prepare(
    `select w.*, m.content, f.number as fanout from ringback_webhook_message w
     left join ringback_message m on m.number = w.message left join ringback_fanout f on f.webhook_message = w.number
     where w.id = ?1 and (?2 = '' or w.owner in ('', ?2))`,
  )
  const countDeliveries = createCount(database)
  return {
    listMessages: createList(database, countDeliveries),
    findMessage({ id, owner }: OfOwnerRequest) {
      const row = one.get(id, owner)
      return row && { ...storedMessage(row, countDeliveries(row, owner)), content: optionalBytes(row.content) }
    },
    cancelMessage({ id, owner, limit, now }: OfOwnerRequest & CancelMessageRequest): number | undefined {
      const row = one.get(id, owner)
      // What was sent to everyone is not one owner's to end.
      if (row === undefined || (owner !== '' && text(row.owner) !== owner)) return undefined
      return cancel(row, limit, now)
    },
  }

  function cancel(row: Row, limit: number, now: number): number {
    parts.fanouts.end(Number(row.number))
    const waiting = database
      .prepare(
        `select ${rowColumns} from ${rowTables} where d.webhook_message = ? and s.delivery is null order by d.number limit ?`,
      )
      .all(Number(row.number), limit)
    for (const delivery of waiting) {
      parts.attempts.abandon(Number(delivery.number), now)
      parts.settle(orderedOf(delivery), { from: stateOf(delivery), state: 'cancelled' }, now)
      if (waits(delivery)) parts.removal.forget(orderedOf(delivery), now)
    }
    return waiting.length
  }
}

/** The most deliveries that are counted for one page. */
const countedAtOnce = 20_000

type CountDeliveries = (message: Row, owner: string) => Record<DeliveryState, number>

/** Counts what one owner has of a message to everyone by the ids that it must have; else all of the message. */
function createCount(database: Connection): CountDeliveries {
  const stateOfDelivery = `(select ${stateColumn} from ringback_delivery d
    left join ringback_queue q on q.number = d.number left join ringback_settled s on s.delivery = d.number
    left join ringback_destination p on p.number = d.destination`
  const ofAll = database.prepare(
    `select state, count(*) as deliveries from (
       select ${stateOfDelivery} where d.number = x.number) as state
       from (select number from ringback_delivery where webhook_message = ?1 limit ${countedAtOnce}) x) group by state`,
  )
  const ofOwner = database.prepare(
    `select state, count(*) as deliveries from (
       select ${stateOfDelivery} where d.id = ?1 || '_' || e.tag) as state
       from (select tag from ringback_endpoint where owner = ?2 order by number desc limit ${countedAtOnce}) e)
     where state is not null group by state`,
  )
  return (message, owner) => {
    return stateCounts(
      owner === '' || owner === message.owner
        ? ofAll.all(Number(message.number))
        : ofOwner.all(text(message.id), owner),
    )
  }
}

function createList(database: Connection, countDeliveries: CountDeliveries) {
  const page = database.prepare(
    `select w.*, f.number as fanout from ringback_webhook_message w
     left join ringback_fanout f on f.webhook_message = w.number
     where w.number < ?1 and (?2 = '' or w.owner in ('', ?2)) and (?3 is null or w.event in (select value from json_each(?3)))
       and (?4 is null or w.created_at >= ?4) and (?5 is null or w.created_at < ?5) and w.number >= ?6
     order by w.number desc limit ?7`,
  )
  const last = database.prepare(
    `select min(number) as number, count(*) as rows from (
       select number from ringback_webhook_message where number < ? order by number desc limit ${lookedAt})`,
  )
  return ({ owner, events, since, until, cursor, limit }: MessageQuery): StoredMessagePage => {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
    const end = last.get(before)
    const wanted = events === undefined ? null : JSON.stringify(events)
    const rows = page.all(before, owner, wanted, since ?? null, until ?? null, Number(end?.number ?? 0), limit + 1)
    const items: StoredMessage[] = []
    let counted = 0
    for (const row of rows.slice(0, limit)) {
      if (counted >= countedAtOnce) break
      const deliveries = countDeliveries(row, owner)
      counted += Object.values(deliveries).reduce((sum, count) => sum + count, 0)
      items.push(storedMessage(row, deliveries))
    }
    const next =
      items.length < rows.length ? rows[items.length - 1]?.['number'] : end?.rows === lookedAt ? end.number : undefined
    return { items, nextCursor: next == null ? undefined : String(next) }
  }
}

/** How many messages are looked at for a page. */
const lookedAt = 5_000
