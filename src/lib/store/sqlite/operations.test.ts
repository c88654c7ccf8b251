import assert from 'node:assert/strict'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { test } from 'node:test'
import { claimRequest, newDelivery, startMs as now } from '../conformance/rows.ts'
import { createOperations } from './operations.ts'
import { makeTables } from './schema.ts'

/** A database that remembers what is prepared on it. */
class RecordingDatabase extends DatabaseSync {
  readonly statements: string[] = []

  override prepare(sql: string): StatementSync {
    this.statements.push(sql)
    return super.prepare(sql)
  }
}

/** The prepared statements, and how SQLite means to carry each out. */
function plans(): { readonly sql: string; readonly steps: readonly string[] }[] {
  const database = new RecordingDatabase(':memory:')
  makeTables(database)
  database.statements.length = 0
  const { list } = createOperations(database).operations
  for (const state of ['scheduled', 'attempting', 'failed', 'blocked', 'cancelled'] as const) list({ limit: 10, state })
  return [...database.statements].map(sql => ({
    sql,
    steps: database
      .prepare(`explain query plan ${sql}`)
      .all()
      .map(({ detail }) => String(detail)),
  }))
}

test('createOperations prepares nothing that looks through the deliveries row by row', () => {
  const statements = plans()
  assert.ok(statements.length > 40)
  for (const { sql, steps } of statements) {
    // The index of leases holds only what is on its way; keys and states are few, and the engine has one row.
    const scans = steps.filter(step =>
      /^SCAN (ringback_(?!count|key|engine)|[dpqs]\b)(?!.* USING (COVERING INDEX|INDEX ringback_queue_leased))/.test(
        step,
      ),
    )
    // Once in the life of a store: while it knows no master secret yet.
    const atFirstUse = /where sealed = 1 order by number desc/.test(sql)
    if (!atFirstUse) assert.deepEqual(scans, [], sql)
  }
})

test('createOperations finds the head of an ordering key, and the next one, without looking through the queue', () => {
  const ordered = plans().filter(({ sql }) => /where destination = \? and ordering_key = \?/.test(sql))
  assert.equal(ordered.length, 2)
  for (const { sql, steps } of ordered)
    assert.match(steps.join(), /destination=\? AND ordering_key=\? AND behind=\?/, sql)
})

/** A database that counts the statements that it carries out. */
class CountingDatabase extends DatabaseSync {
  carriedOut = 0

  override prepare(sql: string): StatementSync {
    const statement = super.prepare(sql)
    for (const name of ['run', 'get', 'all'] as const) {
      const carryOut: (...values: never[]) => unknown = statement[name].bind(statement)
      Object.defineProperty(statement, name, {
        value: (...values: never[]) => {
          this.carriedOut++
          return carryOut(...values)
        },
      })
    }
    return statement
  }
}

/** How many statements a claim of 100 rows takes that are spread over so many origins with so many destinations each. */
function statementsOfClaim(origins: number, destinations: number): number {
  const database = new CountingDatabase(':memory:')
  makeTables(database)
  const { operations } = createOperations(database)
  const rows = Array.from({ length: 200 }, (_, index) => {
    const host = `h${index % origins}.example`
    return newDelivery(`d${index}`, {
      host,
      destination: `https://${host}/${Math.floor(index / origins) % destinations}`,
    })
  })
  operations.add({ rows, now })
  database.exec("update ringback_origin set lane = 'known'")
  database.carriedOut = 0
  const { claimed } = operations.claim(claimRequest(now, { limit: 100, perOrigin: 100 }))
  assert.equal(claimed.length, 100)
  return database.carriedOut
}

test('a claim takes the same statements however many origins and destinations there are', () => {
  const counts = new Set([
    statementsOfClaim(1, 1),
    statementsOfClaim(1, 100),
    statementsOfClaim(10, 10),
    statementsOfClaim(100, 1),
  ])
  assert.equal(counts.size, 1)
  assert.ok([...counts][0]! <= 15, `${[...counts]}`)
})
