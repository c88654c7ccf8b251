import { randomInt } from 'node:crypto'
import { wordsText } from '../../endpoints/words.ts'
import type { Row } from '../../rows/row.ts'
import { type InsertedDelivery, timeNumber } from '../add/insert-deliveries.ts'
import type { Transaction } from '../connection/transaction.ts'

/** A message of a webhook, and the number of the one that it goes with, where it is an older form of that. */
export interface InsertedForm extends InsertedDelivery {
  readonly newestForm?: string | undefined
}

/** Stores what is sent and whom it is for; gives the rows by their index, undefined where the id or the key is there. */
export async function insertForms(
  { query }: Transaction,
  forms: readonly InsertedForm[],
): Promise<(Row | undefined)[]> {
  if (forms.length === 0) return []
  const contents = Buffer.concat(forms.map(({ row }) => row.content))
  const rows = await query(insert, [contents, randomInt(1 << 12), ...given.map(([, , value]) => forms.map(value))])
  const byOrder = new Map(rows.map(row => [Number(row.ord) - 1, row]))
  return forms.map((_, index) => byOrder.get(index))
}

/** The columns of a message, each with its type and its value. */
const columns: readonly (readonly [name: string, type: string, value: (form: InsertedForm) => unknown])[] = [
  ['id', 'text', ({ row }) => row.id],
  ['owner', 'text', ({ row }) => row.webhook?.owner ?? ''],
  ['event', 'text', ({ row }) => row.callback],
  ['channels', 'text', ({ row }) => wordsText(row.webhook?.channels ?? [])],
  ['occurred_at', 'bigint', ({ row, now }) => row.webhook?.timestamp ?? now],
  ['except_endpoint', 'text', ({ row }) => row.webhook?.except ?? null],
  ['newer', 'text', ({ row }) => wordsText(row.webhook?.newer ?? [])],
  ['chain', 'text', ({ row }) => wordsText(row.webhook?.chain ?? [])],
  ['star_from', 'bigint', ({ row }) => row.webhook?.starFrom ?? 0],
  ['star_until', 'bigint', ({ row }) => row.webhook?.starUntil ?? 0],
  ['timeout_ms', 'int', ({ row }) => row.timeoutMs],
  ['ordering_key', 'text', ({ row }) => row.orderingKey ?? null],
  ['idempotency_key', 'text', ({ row }) => row.idempotencyKey ?? null],
  ['digest', 'text', ({ row }) => row.digest ?? null],
  ['expires_at', 'bigint', ({ row }) => row.expiresAt ?? null],
  ['created_at', 'bigint', ({ now }) => now],
  ['newest_form', 'bigint', ({ newestForm }) => newestForm ?? null],
]

const given: typeof columns = [
  ...columns,
  ['bytes', 'int', ({ row }) => row.content.length],
  ['sealed', 'boolean', ({ row }) => row.isSealed],
]

const names = columns.map(([name]) => name).join(', ')

/** Keys in their order, so that two processes that store the same ones never wait for each other. */
const insert = `with numbered as (
    select g.*, ((b.base + g.ord) << 12) + $2::bigint as number,
      1 + coalesce(sum(g.bytes) over (order by g.ord rows between unbounded preceding and 1 preceding), 0)::int as starts
    from (select ${timeNumber} as base offset 0) b
    cross join unnest(${given.map(([, type], index) => `$${index + 3}::${type}[]`).join(', ')}) with ordinality
      as g(${given.map(([name]) => name).join(', ')}, ord)
  ), added as (
    insert into ringback.webhook_message (number, message, ${names})
    select number, -number, ${names} from numbered
    order by idempotency_key nulls first, owner, event, ord on conflict do nothing returning *
  ), contents as (
    insert into ringback.message (number, content, sealed)
    select -number, substring($1::bytea from n.starts for n.bytes), n.sealed from numbered n join added using (number)
  )
  select n.ord, a.* from added a join numbered n on n.number = a.number`
