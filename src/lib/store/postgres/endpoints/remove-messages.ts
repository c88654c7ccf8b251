import type { Row } from '../../rows/row.ts'
import { leaveMessages } from '../change/leave-messages.ts'
import type { Transaction } from '../connection/transaction.ts'

/** Removes messages of webhooks, their older forms, and what was still to be made of them. */
export async function removeMessages(transaction: Transaction, numbers: readonly unknown[]): Promise<void> {
  if (numbers.length === 0) return
  const { query } = transaction
  const rows = await query(forms, [numbers])
  const all = rows.map(({ number }) => number)
  await query('delete from ringback.fanout where webhook_message = any($1::bigint[])', [all])
  await query('delete from ringback.webhook_message where number = any($1::bigint[])', [all])
  await leaveMessages(
    transaction,
    rows.filter(({ message }) => message !== null),
  )
}

const forms = `select number, message from ringback.webhook_message
  where number = any($1::bigint[]) or newest_form = any($1::bigint[])`

/**
 * Removes the messages of deliveries that were removed, where no other delivery has them. One of which a piece is being made
 * at the moment stays.
 */
export async function removeEmptyMessages(transaction: Transaction, removed: readonly Row[]): Promise<void> {
  const numbers = [
    ...new Set(removed.flatMap(({ webhook_message: number = null }) => (number === null ? [] : [number]))),
  ]
  if (numbers.length === 0) return
  const { query } = transaction
  const locked = await query(lockFanouts, [numbers])
  const empty = await query(withoutDelivery, [numbers, locked.map(({ number }) => number)])
  await query('delete from ringback.fanout where webhook_message = any($1::bigint[])', [
    empty.map(({ number }) => number),
  ])
  const rows = await query(remove, [empty.map(({ number }) => number)])
  await leaveMessages(
    transaction,
    rows.filter(({ message }) => message !== null),
  )
}

const lockFanouts = `select number from ringback.fanout where webhook_message = any($1::bigint[]) order by number
  for update skip locked`

const withoutDelivery = `select number from ringback.webhook_message w where number = any($1::bigint[])
  and not exists (select 1 from ringback.delivery d where d.webhook_message = w.number)
  and not exists (select 1 from ringback.fanout f where f.webhook_message = w.number and f.number <> all($2::bigint[]))`

const remove = 'delete from ringback.webhook_message where number = any($1::bigint[]) returning message'
