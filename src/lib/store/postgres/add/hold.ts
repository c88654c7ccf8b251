import type { DueDelivery, MakeDueRequest } from '../../../delivery/delivery-store.ts'
import { type Row, text } from '../../rows/row.ts'
import { lockRows } from '../change/locked-rows.ts'
import { removeDeliveries } from '../change/remove.ts'
import type { Transaction } from '../connection/transaction.ts'
import { joinHeldWebhook, releaseWebhooks, takeBackWebhooks } from '../endpoints/held-webhooks.ts'
import { schedule } from '../queue/schedule.ts'

/** One more request holds a delivery, or the message of a webhook; nothing where nobody does. */
export async function joinHeld(transaction: Transaction, id: string): Promise<void> {
  await transaction.query(join, [id])
  await joinHeldWebhook(transaction, id)
}

const join = `update ringback.held set holders = holders + 1
  where delivery = (select number from ringback.delivery where id = $1::text)`

/** Makes held deliveries due, whoever holds them, and gives the ids of those that still wait. */
export async function makeDue(transaction: Transaction, { deliveries, now }: MakeDueRequest): Promise<string[]> {
  const ids = deliveries.map(({ id }) => id)
  const held = await heldKinds(transaction, ids)
  return [
    ...(held.has('delivery') ? await releaseHeld(transaction, deliveries, now) : []),
    ...(held.has('webhook') ? await releaseWebhooks(transaction, deliveries, now) : []),
  ]
}

async function releaseHeld(
  transaction: Transaction,
  deliveries: readonly DueDelivery[],
  now: number,
): Promise<string[]> {
  const due = new Map(deliveries.map(delivery => [delivery.id, delivery]))
  const rows = (await lockRows(transaction, [...due.keys()], now)).filter(isHeld)
  await transaction.query(free, [rows.map(({ number }) => number)])
  const left = rows.filter(row => row.state === 'scheduled' && !isBegun(row))
  for (const row of left) {
    const { dueAt, delayMs } = due.get(text(row.id))!
    await schedule(transaction, [{ number: text(row.number), due: { dueAt, delayMs } }], now)
  }
  return left.map(({ id }) => text(id))
}

/** Removes held deliveries that nobody else holds and no worker has begun, and gives their ids. */
export async function takeBack(
  transaction: Transaction,
  { ids, now }: { readonly ids: readonly string[]; readonly now: number },
): Promise<string[]> {
  const held = await heldKinds(transaction, ids)
  const taken = held.has('webhook') ? await takeBackWebhooks(transaction, ids) : []
  if (!held.has('delivery')) return taken
  for (const id of ids) {
    const [row] = (await lockRows(transaction, [id], now)).filter(isHeld)
    if (row === undefined) continue
    const others = Number(row.holders) - 1
    if (isBegun(row)) await transaction.query(free, [[row.number]])
    else if (others > 0) await transaction.query(setHolders, [others, row.number])
    else await removeDeliveries(transaction, [row], now)
    if (others <= 0 && !isBegun(row)) taken.push(id)
  }
  return taken
}

const free = 'delete from ringback.held where delivery = any($1::bigint[])'
const setHolders = 'update ringback.held set holders = $1::int where delivery = $2::bigint'

/** Most are not held: then there is nothing to lock. */
async function heldKinds({ query }: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  return new Set((await query(anyHeld, [ids])).map(({ kind }) => text(kind)))
}

const anyHeld = `(select 'delivery' as kind from ringback.held h join ringback.delivery d on d.number = h.delivery
    where d.id = any($1::text[]) limit 1)
  union all (select 'webhook' from ringback.webhook_message w join ringback.fanout f on f.webhook_message = w.number
    where w.id = any($1::text[]) and f.holders > 0 limit 1)`

const isHeld = (row: Row) => row.holders !== null

/** Its time of holding has passed, and a worker sends it or has sent it. */
const isBegun = (row: Row) => Number(row.attempt_count) > 0
