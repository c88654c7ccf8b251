import type { PurgeRequest } from '../../../delivery/delivery-store.ts'
import { type Row, text } from '../../rows/row.ts'
import { leaveMessages } from '../change/leave-messages.ts'
import type { Transaction } from '../connection/transaction.ts'
import { forgetPlaces } from '../places/forget-places.ts'
import { lockPlaces } from '../places/lock-places.ts'

/** Of each kind. */
const purgedAtOnce = 500
/** For so long a repeated registration is recognised by its key. */
const keyMs = 86_400_000
/** After so long no transaction makes deliveries for an endpoint any more that it took for one that is there. */
const settlesMs = 86_400_000

/**
 * Lets go of the bytes of messages that are past their retention, and removes messages and deleted endpoints that have no
 * deliveries any more; true while there may be more.
 */
export async function purgeWebhooks(
  transaction: Transaction,
  { now, webhookMs, rowsMs, failedMs }: PurgeRequest,
): Promise<boolean> {
  const { query } = transaction
  const aged = await query(empty, [now - webhookMs])
  await leaveMessages(transaction, aged)
  await query(forgetKeys, [now - keyMs])
  await removeEmptied(transaction, aged)
  await query(removeLeftBehind, [now - webhookMs - Math.max(rowsMs, failedMs)])
  const endpoints = await query(removeEndpoints, [now - settlesMs])
  const destinations = endpoints.map(({ destination }) => text(destination))
  await lockPlaces(transaction, destinations)
  await forgetPlaces(transaction, destinations)
  return [aged, endpoints].some(({ length }) => length === purgedAtOnce)
}

const empty = `with aged as (
    select number, message from ringback.webhook_message w where created_at < $1::bigint and message is not null
      and not exists (select 1 from ringback.fanout f where f.webhook_message = w.number)
    order by created_at, number limit ${purgedAtOnce} for update skip locked
  ), emptied as (
    update ringback.webhook_message set message = null where number in (select number from aged)
  ) select number as webhook_message, message from aged`

const forgetKeys = `update ringback.endpoint set create_key = null, create_digest = null where number in (
  select number from ringback.endpoint where create_key is not null and created_at < $1::bigint
  order by number limit ${purgedAtOnce} for update skip locked)`

/** How many deleted endpoints are looked at: the oldest, which are the first to lose their deliveries. */
const lookedAt = 5_000

/**
 * Removes messages whose bytes are gone, as far as the last deliveries of them are, too. Where two transactions remove the last
 * two at once, each still sees that of the other; `removeLeftBehind` finds what both have left.
 */
export async function removeEmptied({ query }: Transaction, rows: readonly Row[]): Promise<void> {
  const numbers = new Set(rows.flatMap(({ webhook_message: number = null }) => (number === null ? [] : [text(number)])))
  if (numbers.size > 0) await query(removeMessages, [[...numbers]])
}

const removeMessages = `delete from ringback.webhook_message where number in (
    select number from ringback.webhook_message w where number = any($1::bigint[]) and message is null
      and not exists (select 1 from ringback.delivery d where d.webhook_message = w.number)
    order by number for update skip locked)`

/** Among those that are so old that hardly one has a delivery any more. */
const removeLeftBehind = `delete from ringback.webhook_message w where number in (
    select number from ringback.webhook_message where message is null and created_at < $1::bigint
    order by created_at, number limit ${purgedAtOnce} for update skip locked)
  and not exists (select 1 from ringback.delivery d where d.webhook_message = w.number)`

const removeEndpoints = `delete from ringback.endpoint where number in (
    select number from ringback.endpoint e where number in (
        select number from ringback.endpoint where deleted_at < $1::bigint order by deleted_at limit ${lookedAt})
      and not exists (select 1 from ringback.delivery d where d.endpoint = e.number)
      and not exists (select 1 from ringback.notice n where n.endpoint = e.number)
    limit ${purgedAtOnce} for update skip locked) returning destination`
