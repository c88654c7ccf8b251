import type { SQLInputValue } from 'node:sqlite'
import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import type { Row } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import { createEndpointWindow } from './endpoint-window.ts'
import { type Conditions, conditionsOf } from './filter-conditions.ts'
import { type StateTables, stateTablesOf } from './state-tables.ts'
import type { WalkStep } from './walk-step.ts'

/** The result of a step. */
export interface Walked {
  readonly rows: readonly Row[]
  /** The number after which the next step begins; undefined at the end. */
  readonly next: number | undefined
}

/** Finds deliveries that match, with the given columns. `number` must be one of them. */
export type Walk = (columns: string, filter: StoreFilter, step: WalkStep) => Walked

/**
 * How many rows are looked at in one step, whether they match or not. One step is a transaction, so others never wait
 * long.
 */
const lookedAt = 5_000
/** If an index finds at most this many by the beginning of an id or key, only those are looked at. */
const fewByBeginning = 1_000

export function createWalk(database: Connection): Walk {
  const byBeginning = createByBeginning(database)
  const endpointWindow = createEndpointWindow(database)
  return (columns, filter, step) => {
    const conditions = conditionsOf(filter)
    const window = endpointWindow(filter, step)
    const few = window?.numbers ?? byBeginning(filter)
    const states = stateTablesOf(filter)
    const most = Math.ceil(lookedAt / states.length)
    const walked = states.map(tables => {
      const end = few === undefined ? endOfStep(database, { tables, conditions, most }, step) : undefined
      return walkOne(database, columns, { tables, conditions: within(tables, conditions, few), end }, step)
    })
    const end = window?.next
    return merged(end === undefined ? walked : [...walked, { rows: [], next: end }], step)
  }
}

interface Part {
  readonly tables: StateTables
  readonly conditions: Conditions
  /** The last number that is looked at; undefined means no limit. */
  readonly end?: number | undefined
}

function walkOne(database: Connection, columns: string, { tables, conditions, end }: Part, step: WalkStep): Walked {
  const { order, after, limit } = step
  const [further, back] = order === 'desc' ? ['<', '>='] : ['>', '<=']
  const bound = end === undefined ? '' : ` and ${tables.number} ${back} ?`
  const found = database
    .prepare(
      `select ${columns} from ${tables.tables} where ${tables.number} ${further} ?${bound}${tables.where}${conditions.where}
       order by ${tables.number} ${order} limit ?`,
    )
    .all(after, ...(end === undefined ? [] : [end]), ...conditions.values, limit + 1)
  if (found.length <= limit) return { rows: found, next: end }
  const rows = found.slice(0, limit)
  return { rows, next: Number(rows.at(-1)?.['number']) }
}

/** The last number that one step looks at. If all rows of the tables match, the limit alone is enough. */
function endOfStep(
  database: Connection,
  { tables, conditions, most }: Part & { readonly most: number },
  { after, order }: WalkStep,
): number | undefined {
  const { walk } = tables
  if (walk === undefined) return undefined
  const allMatch = conditions.where === '' && (tables.where === '' || walk.where !== '')
  if (allMatch) return undefined
  const row = database
    .prepare(
      `select ${walk.number} as number from ${walk.table} where ${walk.number} ${order === 'desc' ? '<' : '>'} ?${walk.where}
       order by ${walk.number} ${order} limit 1 offset ${most - 1}`,
    )
    .get(after)
  return row === undefined ? undefined : Number(row.number)
}

/** Merges what was found for several states, up to the number that all of them have reached. */
function merged(walked: readonly Walked[], { order, limit }: WalkStep): Walked {
  const sign = order === 'desc' ? -1 : 1
  const ends = walked.flatMap(({ next }) => (next === undefined ? [] : [next]))
  const end = ends.length === 0 ? undefined : Math.min(...ends.map(each => each * sign)) * sign
  const rows = walked
    .flatMap(({ rows }) => rows)
    .filter(({ number }) => end === undefined || Number(number) * sign <= end * sign)
    .sort((a, b) => (Number(a.number) - Number(b.number)) * sign)
  if (rows.length <= limit) return { rows, next: end }
  const kept = rows.slice(0, limit)
  return { rows: kept, next: Number(kept.at(-1)?.['number']) }
}

/** The numbers of the deliveries whose id or key begins as a filter says; undefined if there are many. */
function createByBeginning(database: Connection): (filter: StoreFilter) => readonly number[] | undefined {
  // Every text with this beginning sorts before the beginning followed by the highest character.
  const find = (column: string) =>
    database.prepare(
      `select number from ringback_delivery where ${column} >= ?1 and ${column} < ?1 || char(1114111) limit ${fewByBeginning + 1}`,
    )
  const [byId, byKey] = [find('id'), find('idempotency_key')]
  return ({ id, idempotencyKey }) => {
    const rows = id !== undefined ? byId.all(id) : idempotencyKey !== undefined ? byKey.all(idempotencyKey) : undefined
    return rows === undefined || rows.length > fewByBeginning ? undefined : rows.map(({ number }) => Number(number))
  }
}

function within(
  { number }: StateTables,
  { where, values }: Conditions,
  few: readonly number[] | undefined,
): Conditions {
  if (few === undefined) return { where, values }
  const inFew: SQLInputValue = JSON.stringify(few)
  return { where: `${where} and ${number} in (select value from json_each(?))`, values: [...values, inFew] }
}
