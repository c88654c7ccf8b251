import type { NewDelivery } from '../../../delivery/stored-delivery.ts'
import { endpointMatches, type MatchedMessage } from '../../endpoints/endpoint-matches.ts'
import { matchedMessage, storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import { dueAtOf } from '../../queue/due-time.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import { isEnded, rowColumns, rowTables, stateOf } from '../remove.ts'
import type { Recoveries } from './recoveries.ts'
import type { MakeDelivery } from './webhook-deliveries.ts'

/** What is still to be made of messages, a piece at a time. */
export interface Fanouts {
  /** Makes the first deliveries of a message; the rest, and all of one that is held, ordered or for later, is left. */
  begin(
    message: number,
    row: NewDelivery,
    times: { readonly now: number; readonly heldUntil: number | undefined },
  ): void
  /** Makes no further deliveries of a message. */
  end(message: number): void
  continueFanouts(request: { readonly limit: number; readonly now: number }): number | undefined
}

/** Sends a settled delivery again; false if its bytes are gone. */
export type SendAgain = (row: Row, now: number) => boolean

/** What fan-outs are made with. */
export interface FanoutParts {
  readonly makeDelivery: MakeDelivery
  readonly recoveries: Recoveries
  readonly sendAgain: SendAgain
}

/** How many deliveries are made in the commit of the send itself. */
const madeAtOnce = 32
/** So many endpoints are looked at for each delivery that a piece may make, whether they match or not. */
const lookedAtForOne = 8
/** So many messages are looked at in one piece of a recovery. */
const lookedAt = 128
/** A recovery makes no more due while so many of its endpoint wait, so that new messages overtake it. */
const recoveredAtOnce = 32
/** How soon a recovery looks whether fewer wait. */
const looksAgainMs = 250

export function createFanouts(database: Connection, parts: FanoutParts): Fanouts {
  const add = database.prepare(
    `insert into ringback_fanout (webhook_message, ordering_key, due_at, turn, holders, after_number)
     values (?, ?, ?, coalesce((select max(turn) from ringback_fanout), 0), ?, ?)`,
  )
  const isOrdered = database.prepare(
    `select 1 from ringback_fanout f cross join ringback_webhook_message w on w.number = f.webhook_message
     where f.ordering_key = ? and w.owner in ('', ?) limit 1`,
  )
  const remove = database.prepare('delete from ringback_fanout where webhook_message = ?')
  const one = database.prepare('select * from ringback_webhook_message where number = ?')
  const expand = createExpand(database, parts.makeDelivery)
  const recover = createRecover(database, parts)
  const next = createNext(database)
  return {
    begin(message, { orderingKey, dueAt, delayMs, webhook }, { now, heldUntil }) {
      const later = Math.max(dueAtOf({ dueAt, delayMs }, now), heldUntil ?? 0)
      const waits = webhook?.owner === '' || later > now || heldUntil !== undefined
      const isBehind = orderingKey !== undefined && isOrdered.get(orderingKey, webhook?.owner ?? '') !== undefined
      let after: number | undefined = 0
      if (!waits && !isBehind) after = expand(one.get(message) ?? {}, { after, limit: madeAtOnce, now }).after
      if (after !== undefined) add.run(message, orderingKey ?? null, later, heldUntil === undefined ? 0 : 1, after)
    },
    end(message) {
      remove.run(message)
    },
    continueFanouts({ limit, now }) {
      const fanout = next(now)
      if (fanout === undefined) return undefined
      if (fanout.endpoint !== null) return recover(fanout, { limit, now })
      const message = one.get(Number(fanout.webhook_message)) ?? {}
      const { made, after } = expand(message, { after: Number(fanout.after_number), limit, now })
      if (after === undefined) remove.run(Number(message.number))
      else next.moveOn(fanout, { number: after, time: 0 }, now)
      return made
    },
  }
}

/** A step through the endpoints in the order of their numbers. */
interface Step {
  readonly after: number
  readonly limit: number
  readonly now: number
}

/** Makes deliveries of a message; `after` is the number of the last endpoint, undefined if there are no more. */
function createExpand(database: Connection, makeDelivery: MakeDelivery) {
  const candidates = (owner: string) =>
    database.prepare(
      `select * from ringback_endpoint where ${owner}deleted_at is null and number > ?2 and created_at <= ?3 and ?1 = ?1
       order by number limit ?4`,
    )
  const [ofAll, ofOwner] = [candidates(''), candidates('owner = ?1 and ')]
  return (message: Row, { after, limit, now }: Step): { made: number; after: number | undefined } => {
    const targets = matchedMessage(message)
    const most = limit * lookedAtForOne
    const rows = (targets.owner === '' ? ofAll : ofOwner).all(targets.owner, after, Number(message.created_at), most)
    let made = 0
    for (const row of rows) {
      if (made === limit) return { made, after: Number(row.number) - 1 }
      if (row.disabled_reason === null && isFor(row, targets) && makeDelivery(message, row, now)) made++
    }
    return { made, after: rows.length === most ? Number(rows.at(-1)!['number']) : undefined }
  }
}

/** Goes on with a recovery; returns how many deliveries it has made due. */
function createRecover(database: Connection, { makeDelivery, recoveries, sendAgain }: FanoutParts) {
  const endpointOf = database.prepare('select * from ringback_endpoint where number = ?')
  const waiting = database.prepare(
    `select count(*) as waiting from (select 1 from ringback_queue
       where destination = ? and leased_at is null and behind = 0 and due_at <= ? limit ${recoveredAtOnce})`,
  )
  const messages = database.prepare(
    `select * from (
       select * from (select * from ringback_webhook_message where owner = ?1 and (created_at, number) > (?2, ?3)
         and created_at < ?4 order by created_at, number limit ${lookedAt})
       union all
       select * from (select * from ringback_webhook_message where owner = '' and (created_at, number) > (?2, ?3)
         and created_at < ?4 order by created_at, number limit ${lookedAt})
     ) where message is not null order by created_at, number limit ${lookedAt}`,
  )
  const made = database.prepare(`select ${rowColumns} from ${rowTables} where d.id = ?`)
  const moveOn = createNext(database).moveOn
  return (fanout: Row, { limit, now }: { readonly limit: number; readonly now: number }): number => {
    const endpoint = endpointOf.get(Number(fanout.endpoint)) ?? {}
    const number = Number(endpoint.number)
    const waits = Number(waiting.get(Number(endpoint.destination), now)?.waiting)
    const room = Math.min(recoveredAtOnce - waits, limit)
    const include = text(fanout.include)
    let at = { time: Number(fanout.after_time), number: Number(fanout.after_number) }
    let recovered = 0
    const rows =
      room <= 0 ? [] : messages.all(text(endpoint.owner), at.time, at.number, Number(endpoint.recovery_until))
    for (const message of rows) {
      if (recovered === room) break
      at = { time: Number(message.created_at), number: Number(message.number) }
      const row = made.get(`${text(message.id)}_${text(endpoint.tag)}`)
      if (row === undefined) {
        if (include !== 'failed' && isFor(endpoint, matchedMessage(message)) && makeDelivery(message, endpoint, now))
          recovered++
      } else if (include !== 'missed' && isMissed(row) && sendAgain(row, now)) recovered++
    }
    recoveries.count(number, recovered)
    if (room > 0 && rows.length < lookedAt && isLast(rows, at)) recoveries.end(number, 'done', now)
    else moveOn(fanout, at, room > 0 ? now : now + looksAgainMs)
    return recovered
  }
}

function isFor(endpoint: Row, message: MatchedMessage): boolean {
  return endpointMatches(storedEndpoint(endpoint), message)
}

/** Whether a delivery ended without having been delivered. */
function isMissed(row: Row): boolean {
  return isEnded(row) && stateOf(row) !== 'delivered'
}

function isLast(rows: readonly Row[], at: { readonly number: number }): boolean {
  const last = rows.at(-1)
  return last === undefined || Number(last['number']) === at.number
}

/** Chooses the fan-out whose turn it is. One with an ordering key waits for the one before it, of its owner or of everyone. */
function createNext(database: Connection) {
  const next = database.prepare(
    `select f.* from ringback_fanout f left join ringback_webhook_message w on w.number = f.webhook_message
     where f.due_at <= ? and not exists (
       select 1 from ringback_fanout b cross join ringback_webhook_message o on o.number = b.webhook_message
       where b.ordering_key = f.ordering_key and b.number < f.number and (o.owner in ('', w.owner) or w.owner = ''))
     order by f.due_at, f.turn, f.number limit 1`,
  )
  const moveOn = database.prepare(
    `update ringback_fanout set after_number = ?2, after_time = ?3, due_at = ?4,
       turn = (select max(turn) from ringback_fanout) + 1
     where number = ?1`,
  )
  return Object.assign((now: number): Row | undefined => next.get(now), {
    moveOn(fanout: Row, after: { readonly number: number; readonly time: number }, dueAt: number): void {
      moveOn.run(Number(fanout.number), after.number, after.time, dueAt)
    },
  })
}
