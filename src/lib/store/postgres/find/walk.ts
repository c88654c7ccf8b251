import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { deliveryColumns } from './delivery-columns.ts'
import { endpointWindow } from './endpoint-window.ts'
import { conditionsOf, Values } from './filter-conditions.ts'
import { type StateTables, stateTablesOf } from './state-tables.ts'
import type { WalkStep } from './walk-step.ts'

/** What a step has found. */
export interface Walked {
  readonly rows: readonly Row[]
  /** After which number the next step begins; undefined at the end. */
  readonly next: string | undefined
}

/** So many rows are looked at in one step, whatever matches: one step is a transaction, and nobody waits for it long. */
const lookedAt = 5_000
/** Where an index finds so many or fewer by the beginning of an id or key, only those are looked at. */
const fewByBeginning = 1_000

/** Finds deliveries that match. */
export async function walk(transaction: Transaction, filter: StoreFilter, step: WalkStep): Promise<Walked> {
  const states = stateTablesOf(filter)
  const window = await endpointWindow(transaction, filter, step)
  const few = window?.numbers ?? (await numbersByBeginning(transaction, filter))
  const most = Math.ceil(lookedAt / Math.max(states.length, 1))
  const walked: Walked[] = []
  for (const tables of states) {
    const isAll = few !== undefined || matchesAll(filter, tables)
    const end = isAll ? undefined : await endOfStep(transaction, tables, { ...step, most })
    walked.push(await walkOne(transaction, { filter, tables, end, few }, step))
  }
  if (window?.next !== undefined) walked.push({ rows: [], next: window.next })
  return merged(walked, step)
}

interface Part {
  readonly filter: StoreFilter
  readonly tables: StateTables
  /** The last number that is looked at; undefined: all are. */
  readonly end: string | undefined
  readonly few: readonly string[] | undefined
}

async function walkOne({ query }: Transaction, part: Part, { order, after, limit }: WalkStep): Promise<Walked> {
  const { filter, tables, end, few } = part
  const { number } = tables
  const values = new Values()
  const [further, back] = order === 'desc' ? ['<', '>='] : ['>', '<=']
  const bounds = [
    `${number} ${further} ${values.add(after, 'bigint')}`,
    ...(end === undefined ? [] : [`${number} ${back} ${values.add(end, 'bigint')}`]),
    ...(few === undefined ? [] : [`${number} = any(${values.add(few, 'bigint[]')})`]),
  ].join(' and ')
  const found = await query(
    `select ${deliveryColumns} from ${tables.tables} where ${bounds}${tables.where}${conditionsOf(filter, values)}
     order by ${number} ${order} limit ${values.add(limit + 1, 'int')}`,
    values.list,
  )
  if (found.length <= limit) return { rows: found, next: end }
  const rows = found.slice(0, limit)
  return { rows, next: text(rows.at(-1)?.['number']) }
}

/** Where everything in the tables matches the limit alone bounds a step. */
function matchesAll(filter: StoreFilter, { where, walk }: StateTables): boolean {
  if (walk === undefined) return true
  return conditionsOf(filter, new Values()) === '' && (where === '' || walk.where !== '')
}

/** The last number that one step looks at. */
async function endOfStep(
  { query }: Transaction,
  { walk }: StateTables,
  { after, order, most }: WalkStep & { readonly most: number },
): Promise<string | undefined> {
  if (walk === undefined) return undefined
  const [row] = await query(
    `select ${walk.number} as number from ringback.${walk.table}
     where ${walk.number} ${order === 'desc' ? '<' : '>'} $1::bigint${walk.where}
     order by ${walk.number} ${order} limit 1 offset $2::int`,
    [after, most - 1],
  )
  return row && text(row.number)
}

/** What several states have found together, up to where each of them has looked. */
function merged(walked: readonly Walked[], { order, limit }: WalkStep): Walked {
  const sign = order === 'desc' ? -1n : 1n
  const key = (number: unknown) => BigInt(String(number)) * sign
  const ends = walked.flatMap(({ next }) => (next === undefined ? [] : [key(next)])).sort(ascending)
  const [end] = ends
  const rows = walked
    .flatMap(({ rows }) => rows)
    .filter(({ number }) => end === undefined || key(number) <= end)
    .sort((a, b) => ascending(key(a.number), key(b.number)))
  if (rows.length <= limit) return { rows, next: end === undefined ? undefined : String(end * sign) }
  const kept = rows.slice(0, limit)
  return { rows: kept, next: text(kept.at(-1)?.['number']) }
}

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)

/** The numbers of deliveries whose id, or else key, has the beginning that a filter names, where they are few. */
async function numbersByBeginning(
  { query }: Transaction,
  { id, idempotencyKey }: StoreFilter,
): Promise<readonly string[] | undefined> {
  const given = id ?? idempotencyKey
  if (given === undefined) return undefined
  const column = id === undefined ? 'idempotency_key' : 'id'
  // Every text with this beginning is less than it with the last character there is.
  const rows = await query(
    `select number from ringback.delivery where ${column} >= $1::text and ${column} < $1::text || chr(1114111)
     limit ${fewByBeginning + 1}`,
    [given],
  )
  return rows.length > fewByBeginning ? undefined : rows.map(({ number }) => text(number))
}
