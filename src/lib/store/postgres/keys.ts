import type { UseKeysRequest, UseKeysResult } from '../../delivery/delivery-store.ts'
import { optionalBytes, text } from '../rows/row.ts'
import type { Transaction } from './connection/transaction.ts'

/** Knows with which master secrets the store was used. Two that ask at the same time are told one after the other. */
export async function useKeys({ query }: Transaction, { ids, adopt }: UseKeysRequest): Promise<UseKeysResult> {
  const readKnown = async () => new Set((await query('select id from ringback.key')).map(({ id }) => text(id)))
  const before = await readKnown()
  if (ids.length > 0 && ids.every(id => before.has(id))) return { known: true }
  await query('lock table ringback.key in share row exclusive mode')
  const known = await readKnown()
  if (!adopt && !ids.some(id => known.has(id))) {
    const sealed = known.size === 0 ? await lastSealed(query) : undefined
    if (known.size > 0 || sealed !== undefined) return { known: false, sealed }
  }
  await query('insert into ringback.key (id) select unnest($1::text[]) on conflict do nothing', [[...new Set(ids)]])
  return { known: true }
}

async function lastSealed(query: Transaction['query']): Promise<Uint8Array | undefined> {
  const [row] = await query(newestSealed)
  return optionalBytes(row?.['content'])
}

const newestSealed = `(select content from ringback.message where sealed order by number desc limit 1)
  union all (select sealed from ringback.endpoint where sealed <> '' order by number desc limit 1) limit 1`
