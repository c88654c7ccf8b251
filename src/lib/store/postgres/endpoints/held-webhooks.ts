import type { DueDelivery } from '../../../delivery/delivery-store.ts'
import { dueAtOf } from '../../queue/due-time.ts'
import { text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { removeMessages } from './remove-messages.ts'

/** One more request holds the message of a webhook; nothing where nobody does. */
export async function joinHeldWebhook({ query }: Transaction, id: string): Promise<void> {
  await query(join, [id])
}

const join = `update ringback.fanout set holders = holders + 1 where holders > 0
  and webhook_message = (select number from ringback.webhook_message where id = $1::text)`

/** Lets held messages and their older forms go out, whoever holds them, and gives the ids of those that were held. */
export async function releaseWebhooks(
  { query }: Transaction,
  deliveries: readonly DueDelivery[],
  now: number,
): Promise<string[]> {
  const rows = await query(release, [deliveries.map(({ id }) => id), deliveries.map(due => dueAtOf(due, now))])
  return [...new Set(rows.map(({ id }) => text(id)))]
}

const release = `update ringback.fanout f set holders = 0, due_at = j.due_at
  from unnest($1::text[], $2::bigint[]) as j(id, due_at) join ringback.webhook_message n on n.id = j.id
    join ringback.webhook_message w on w.number = n.number or w.newest_form = n.number
  where f.webhook_message = w.number and f.holders > 0 returning j.id`

/** Removes held messages that nobody else holds, with their older forms, and gives their ids. */
export async function takeBackWebhooks(transaction: Transaction, ids: readonly string[]): Promise<string[]> {
  const rows = await transaction.query(held, [ids])
  const shared = rows.filter(({ holders }) => Number(holders) > 1)
  if (shared.length > 0) await transaction.query(letGo, [shared.map(({ number }) => number)])
  const own = rows.filter(({ holders }) => Number(holders) === 1)
  await removeMessages(
    transaction,
    own.map(({ number }) => number),
  )
  return own.map(({ id }) => text(id))
}

const held = `select w.number, w.id, f.holders from ringback.webhook_message w
  join ringback.fanout f on f.webhook_message = w.number
  where w.id = any($1::text[]) and f.holders > 0 order by w.number for update of f`

const letGo = 'update ringback.fanout set holders = holders - 1 where webhook_message = any($1::bigint[])'
