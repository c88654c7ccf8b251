import { optionalText, type Row, text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import type { Transaction } from '../connection/transaction.ts'

/** What is to be made of a message, from the endpoint after the number `after` on. */
export interface NewFanout {
  readonly message: Row
  readonly dueAt: number
  readonly holders: number
  readonly after: string
}

/** What has to be made later of messages, which have these numbers as well. */
export async function insertFanouts({ query }: Transaction, fanouts: readonly NewFanout[]): Promise<void> {
  if (fanouts.length === 0) return
  await query(insert, [
    fanouts.map(({ message }) => message.number),
    fanouts.map(({ message }) => message.owner),
    fanouts.map(({ message }) => message.ordering_key),
    fanouts.map(({ dueAt }) => dueAt),
    fanouts.map(({ holders }) => holders),
    fanouts.map(({ after }) => after),
  ])
}

const insert = `insert into ringback.fanout (number, webhook_message, owner, ordering_key, due_at, turn, holders, after_number)
  select number, number, owner, ordering_key, due_at, ${timeNumber}, holders, after_number
  from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::bigint[])
    as j(number, owner, ordering_key, due_at, holders, after_number)`

/** The places of a message in the order of its key: its owner's own, and that of everyone. None where it has no key. */
export function orderOf({ owner, ordering_key }: Row): string[] {
  const key = optionalText(ordering_key)
  return key === undefined ? [] : [text(owner), ''].map(each => placeIn(each, key))
}

const placeIn = (owner: string, key: string) => JSON.stringify([owner, key])

/** In which orders there are fan-outs that messages may have to wait for. */
export async function keysWithFanouts({ query }: Transaction, messages: readonly Row[]): Promise<Set<string>> {
  const keyed = messages.filter(({ ordering_key }) => ordering_key !== null)
  if (keyed.length === 0) return new Set()
  const owners = [...keyed.map(({ owner }) => text(owner)), ...keyed.map(() => '')]
  const keys = [...keyed, ...keyed].map(({ ordering_key }) => ordering_key)
  const rows = await query(known, [owners, keys])
  return new Set(rows.map(({ owner, key }) => placeIn(text(owner), text(key))))
}

const known = `select distinct k.owner, k.key from unnest($1::text[], $2::text[]) as k(owner, key)
  where exists (select 1 from ringback.fanout f where f.ordering_key = k.key and f.owner = k.owner)`
