import type { Connection } from '../connection.ts'

/** The empty rows of a table, found by a partial index. */
export interface DeadRows {
  readonly table: string
  /** The column of the rowid. */
  readonly key: string
  /** The condition for an empty row, exactly as in its index. */
  readonly isEmpty: string
}

/** The tables whose rows are emptied before they are removed. */
export const deadRows: readonly DeadRows[] = [
  { table: 'ringback_attempt', key: 'row', isEmpty: 'delivery is null' },
  { table: 'ringback_message', key: 'number', isEmpty: 'deliveries = 0' },
  { table: 'ringback_delivery', key: 'number', isEmpty: 'destination = 0' },
]

/** How many rows are looked at in one step. */
const lookedAt = 5_000
/** How many empty rows stay between the removed ones and a row in use: more than three pages hold. */
const margin = 1_000

/**
 * Removes empty rows, a step at a time; true while there may be more.
 *
 * `secure_delete` overwrites a row in its place. But when SQLite removes rows, it moves their neighbours to other
 * pages. This may leave a copy of a neighbour in the unused part of a page, and nothing overwrites that copy when the
 * neighbour is erased later. So a row is first emptied, which moves nothing, and is removed only when its neighbours
 * are empty too.
 */
export function createSweep(database: Connection, { table, key, isEmpty }: DeadRows): () => boolean {
  const page = database.prepare(
    `select ${key} as key from ${table} where ${isEmpty} and ${key} >= ? order by ${key} limit ${lookedAt}`,
  )
  const between = database.prepare(`select 1 from ${table} where ${key} > ? and ${key} < ? limit 1`)
  const remove = database.prepare(`delete from ${table} where ${key} between ? and ?`)
  let from = 0
  return () => {
    const keys = page.all(from).map(row => Number(row.key))
    let removedFirst = false
    for (const run of runsOf(keys, (a, b) => between.get(a, b) === undefined)) {
      const isFirst = between.get(Number.MIN_SAFE_INTEGER, run[0]!) === undefined
      const removed = run.slice(isFirst ? 0 : margin, -margin)
      if (removed.length === 0) continue
      remove.run(removed[0]!, removed.at(-1)!)
      removedFirst ||= isFirst
    }
    const isFull = keys.length === lookedAt
    from = isFull && !removedFirst ? keys.at(-margin)! : 0
    return isFull
  }
}

/** Splits sorted numbers wherever something is between two of them. */
function runsOf(numbers: readonly number[], areNeighbours: (a: number, b: number) => boolean): number[][] {
  const runs: number[][] = []
  for (const [index, number] of numbers.entries()) {
    const before = numbers[index - 1]
    const run = runs.at(-1)
    if (run !== undefined && before !== undefined && (number === before + 1 || areNeighbours(before, number)))
      run.push(number)
    else runs.push([number])
  }
  return runs
}
