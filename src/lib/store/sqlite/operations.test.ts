import assert from 'node:assert/strict'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { test } from 'node:test'
import { createOperations } from './operations.ts'
import { migrate } from './schema.ts'

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
  migrate(database)
  database.statements.length = 0
  const { list } = createOperations(database)
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
    // The index of leases holds only what is on its way, of the intake little waits, and keys are few.
    const scans = steps.filter(step =>
      /^SCAN (ringback_(?!intake|key)|d\b|j\b|p\b)(?!.* USING (COVERING INDEX|INDEX ringback_delivery_leased))/.test(
        step,
      ),
    )
    // Once in the life of a store: while it knows no master secret yet.
    const atFirstUse = /headers is not null order by delivery desc/.test(sql)
    if (!atFirstUse) assert.deepEqual(scans, [], sql)
  }
})

test('createOperations finds the head of an ordering key, and the next one, without looking through the queue', () => {
  const ordered = plans().filter(({ sql }) => /where destination = \? and ordering_key = \?/.test(sql))
  assert.equal(ordered.length, 2)
  for (const { sql, steps } of ordered)
    assert.match(steps.join(), /destination=\? AND ordering_key=\? AND behind=\?/, sql)
})
