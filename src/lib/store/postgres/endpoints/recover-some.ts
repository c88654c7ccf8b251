import { matchedMessage } from '../../endpoints/endpoint-rows.ts'
import { optionalText, type Row, text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import { isEnded, sendEndedAgain } from '../change/change.ts'
import { lockRows } from '../change/locked-rows.ts'
import { hasMessage } from '../change/remove.ts'
import type { Transaction } from '../connection/transaction.ts'
import { cancelReason, deliveryTables } from '../find/delivery-columns.ts'
import { lockPlaces } from '../places/lock-places.ts'
import { deliveryId, insertEndpointDeliveries } from './insert-endpoint-deliveries.ts'
import { isFor } from './matched-rows.ts'
import { endRecoveries } from './recoveries.ts'

/** No more is made due while so many of its endpoint wait, so that new messages overtake it. */
const recoveredAtOnce = 32
/** So many messages are looked at in one piece. */
const lookedAt = 128
/** How soon it looks whether fewer wait. */
const looksAgainMs = 250

/** Goes on with a recovery, whose row is locked; gives how many deliveries it has made due. */
export async function recoverSome(
  transaction: Transaction,
  fanout: Row,
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<number> {
  const { query } = transaction
  const endpoint = await lockEndpoint(transaction, fanout)
  if (endpoint === undefined) {
    await query(remove, [fanout.number])
    return 0
  }
  const [counted] = await query(waiting, [endpoint.destination, now])
  const room = Math.min(recoveredAtOnce - Number(counted?.['waiting']), limit)
  if (room <= 0) {
    await query(moveOn, [fanout.number, fanout.after_number, fanout.after_time, now + looksAgainMs])
    return 0
  }
  const place = [endpoint.owner, fanout.after_time, fanout.after_number, endpoint.recovery_until]
  const messages = await query(sent, place)
  const { taken, recovered } = await recoverFrom(transaction, { messages, endpoint, fanout, room }, now)
  await query(count, [endpoint.number, recovered])
  const last = messages[taken - 1]
  if (taken === messages.length && messages.length < lookedAt) {
    await endRecoveries(transaction, [endpoint.number], { state: 'done', now })
    await query(remove, [fanout.number])
  } else await query(moveOn, [fanout.number, last?.['number'], last?.['created_at'], now])
  return recovered
}

/** The endpoint, if this is still its recovery; nobody disables or deletes it now. */
async function lockEndpoint({ query, ...others }: Transaction, fanout: Row): Promise<Row | undefined> {
  const [found] = await query('select destination from ringback.endpoint where number = $1::bigint', [fanout.endpoint])
  if (found === undefined) return undefined
  await lockPlaces({ query, ...others }, [text(found.destination)])
  const [row] = await query(running, [fanout.endpoint, fanout.number])
  if (row === undefined) return undefined
  const [place] = await query('select epoch from ringback.destination where number = $1::bigint', [row.destination])
  return { ...row, epoch: place?.['epoch'] ?? 0 }
}

const remove = 'delete from ringback.fanout where number = $1::bigint'

const running = `select * from ringback.endpoint where number = $1::bigint and recovery = $2::bigint
  and recovery_state = 'running' for update`

const waiting = `select count(*) as waiting from (select 1 from ringback.queue
  where destination = $1::bigint and leased_at is null and behind = 0 and due_at <= $2::bigint
  limit ${recoveredAtOnce}) x`

const sentTo = (owner: string) => `(select * from ringback.webhook_message where owner = ${owner}
  and (created_at, number) > ($2::bigint, $3::bigint) and created_at < $4::bigint
  order by created_at, number limit ${lookedAt})`

/** The next messages of the owner and of everyone, also those whose bytes are gone: they are passed over. */
const sent = `select * from (${sentTo('$1::text')} union all ${sentTo("''")}) x order by created_at, number limit ${lookedAt}`

interface Recovered {
  readonly messages: readonly Row[]
  readonly endpoint: Row
  readonly fanout: Row
  readonly room: number
}

/** Takes messages in their order until there is no more room. */
async function recoverFrom(transaction: Transaction, { messages, endpoint, fanout, room }: Recovered, now: number) {
  const include = optionalText(fanout.include)
  const ids = messages.map(message => deliveryId({ message, endpoint }))
  const known = new Map((await transaction.query(knownIds, [ids])).map(row => [text(row.id), row]))
  const missing: Row[] = []
  const again: string[] = []
  let taken = 0
  for (const [index, message] of messages.entries()) {
    if (missing.length + again.length === room) break
    taken++
    if (message.message === null) continue
    const id = ids[index]!
    if (!known.has(id)) {
      if (include !== 'failed' && isFor(endpoint, matchedMessage(message))) missing.push(message)
    } else if (include !== 'missed' && known.get(id)?.['is_missed'] === 1) again.push(id)
  }
  const made = await insertEndpointDeliveries(
    transaction,
    missing.map(message => ({ message, endpoint })),
    now,
  )
  return { taken, recovered: made + (await sendAllAgain(transaction, again, now)) }
}

/** Those that an attempt may be on its way for are left alone, and nobody waits for them. */
const knownIds = `select d.id, coalesce(s.state <> 'delivered', ${cancelReason} is not null and q.leased_at is null) as is_missed
  from ${deliveryTables} where d.id = any($1::text[])`

/** Sends those again that ended without having been delivered. */
async function sendAllAgain(transaction: Transaction, ids: readonly string[], now: number): Promise<number> {
  if (ids.length === 0) return 0
  let sent = 0
  for (const row of await lockRows(transaction, ids, now)) {
    if (!isEnded(row) || row.state === 'delivered' || !hasMessage(row)) continue
    await sendEndedAgain(transaction, row, now)
    sent++
  }
  return sent
}

const count = `update ringback.endpoint set recovery_deliveries = recovery_deliveries + $2::int
  where number = $1::bigint and $2::int > 0`

const moveOn = `update ringback.fanout set after_number = $2::bigint, after_time = $3::bigint, due_at = $4::bigint,
  turn = ${timeNumber} where number = $1::bigint`
