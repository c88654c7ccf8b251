import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { conditionsOf, Values } from './filter-conditions.ts'
import { stateTablesOf } from './state-tables.ts'

/** The numbers of at most so many deliveries that match. */
export async function findMatching(
  { query }: Transaction,
  filter: StoreFilter,
  limit: number,
): Promise<readonly string[]> {
  const numbers: string[] = []
  for (const { tables, where } of stateTablesOf(filter)) {
    const values = new Values()
    const conditions = conditionsOf(filter, values)
    const rows = await query(
      `select d.number from ${tables} where true${where}${conditions} limit ${values.add(limit, 'int')}`,
      values.list,
    )
    numbers.push(...rows.map(({ number }) => text(number)))
  }
  return numbers.slice(0, limit)
}
