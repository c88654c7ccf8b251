import type { KeyedDelivery } from '../../../delivery/delivery-store.ts'
import type { IdempotencyKey } from '../../../delivery/stored-delivery.ts'
import { type FindKeyed, keyText } from '../../rows/known-keys.ts'
import { text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'

/** The delivery that an idempotency key stands for. */
export async function find(transaction: Transaction, key: IdempotencyKey): Promise<KeyedDelivery | undefined> {
  return (await readKeyed(transaction, [key]))(key)
}

/** Reads what idempotency keys stand for, all at once. */
export async function readKeyed({ query }: Transaction, keys: readonly IdempotencyKey[]): Promise<FindKeyed> {
  // None is stored with a text that the database cannot take.
  const given = keys.filter(key => ![key.idempotencyKey, key.recipient ?? ''].some(each => each.includes('\0')))
  if (given.length === 0) return () => undefined
  const rows = await query(
    given.some(({ destination }) => destination === '') ? selectBoth : select,
    (['idempotencyKey', 'callback', 'operation', 'destination', 'recipient'] as const).map(name =>
      given.map(key => key[name] ?? ''),
    ),
  )
  const found = new Map(
    rows.map(row => [
      keyText(given[Number(row.ord) - 1]!),
      { id: text(row.id), digest: text(row.digest), held: Number(row.holders ?? 0) > 0 },
    ]),
  )
  return key => found.get(keyText(key))
}

const keys = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
  as k(idempotency_key, callback, operation, destination, recipient, ord)`

const select = `select k.ord, d.id, d.digest, h.holders from ${keys}
  join ringback.delivery d on d.idempotency_key = k.idempotency_key and d.callback = k.callback
    and d.operation = k.operation and d.destination_url = k.destination and d.recipient = k.recipient
  left join ringback.held h on h.delivery = d.number`

/** The message of a webhook has its owner for a recipient, and its event for a callback. */
const selectBoth = `${select} union all
  select k.ord, w.id, w.digest, f.holders from ${keys}
  join ringback.webhook_message w on w.idempotency_key = k.idempotency_key and w.event = k.callback
    and w.owner = k.recipient
  left join ringback.fanout f on f.webhook_message = w.number where k.destination = ''`
