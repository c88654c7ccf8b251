import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { hashOf } from '../../signature/destination-hash.ts'
import { accepted, claimRequest, failed, newDelivery, startMs } from '../conformance/rows.ts'
import { makeTables, migrate, tablesVersion, versionOf } from './schema.ts'
import { sqliteStore } from './sqlite-store.ts'
import { prepareDatabase } from './thread/batch.ts'

/** Columns, keys and indexes, however they came to be. */
function formOf(database: DatabaseSync) {
  const all = (sql: string, ...values: string[]) => database.prepare(sql).all(...values)
  const names = all("select name from sqlite_schema where type = 'table' order by name").map(({ name }) => String(name))
  return names.map(name => [
    all('select name, wr, strict from pragma_table_list where name = ?', name),
    all('select * from pragma_table_xinfo(?)', name),
    all('select name, "unique", origin, partial from pragma_index_list(?) order by name', name).map(index => [
      index,
      all('select * from pragma_index_xinfo(?)', String(index.name)),
      all('select sql from sqlite_schema where name = ?', String(index.name)).map(({ sql }) =>
        String(sql).replaceAll(/\s+/g, ' '),
      ),
    ]),
  ])
}

/**
 * What the version stands for. Whoever changes the tables adds a migration, and puts the hash here; migrations that are
 * published stay as they are.
 */
const present = { version: 6, hash: 'gdUjCZuuXP0hMerB-ipF4feCD2gvW4xJH6-Cjnazs2o' }

test('the version of the tables stands for these tables and for no others', () => {
  const database = new DatabaseSync(':memory:')
  prepareDatabase(database)
  const hash = createHash('sha256')
    .update(JSON.stringify(formOf(database)))
    .digest('base64url')
  assert.deepEqual({ version: tablesVersion, hash }, present)
})

test('a new store has the tables that migrations make of the first ones', () => {
  const [made, migrated] = [new DatabaseSync(':memory:'), new DatabaseSync(':memory:')]
  makeTables(made)
  migrate(migrated)
  assert.deepEqual(formOf(made), formOf(migrated))
  assert.equal(versionOf(made), versionOf(migrated))
})

const now = startMs
/** An old spelling, which has another form now. */
const destination = 'https://a.example/%65vents'

interface OldDelivery {
  readonly id: string
  readonly recipient?: string
  readonly orderingKey?: string
  readonly behind?: boolean
  readonly idempotencyKey?: string
}

/** A store of version 2, with one origin and one destination. */
function oldStore(deliveries: readonly OldDelivery[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  migrate(database, 2)
  database.exec(`
    insert into ringback_origin (number, name, ready_at) values (1, 'https://a.example', ${now});
    insert into ringback_destination (number, origin, url, deliveries, ready_at)
      values (1, 1, '${destination}', ${deliveries.length}, ${now});`)
  const insert = database.prepare(
    `insert into ringback_delivery (id, destination, operation, callback, method, url, idempotency_key, digest,
       ordering_key, created_at, state, due_at, behind)
     values (?, 1, 'createInvoice', 'invoiceNotification', 'POST', ?, ?, 'digest', ?, ${now}, 'scheduled', ${now}, ?)`,
  )
  const insertJob = database.prepare(
    `insert into ringback_job (delivery, recipient, retry_delays_seconds, timeout_ms, retry_on_invalid_response,
       has_on_response) values (?, ?, '[0]', 1000, 0, 0)`,
  )
  for (const { id, recipient = destination, orderingKey = null, behind = false, idempotencyKey = null } of deliveries) {
    const url = `${destination}/${id}`
    const { lastInsertRowid } = insert.run(id, url, idempotencyKey, orderingKey, behind ? 1 : 0)
    insertJob.run(lastInsertRowid, recipient)
  }
  return database
}

const claimAll = async (store: DeliveryStore) => (await store.claim(claimRequest(now))).claimed

test('a store of version 2 keeps the id and the secret under which its deliveries were sent', async () => {
  const store = sqliteStore({
    database: oldStore([{ id: 'none' }, { id: 'a', recipient: 'A' }, { id: 'b', recipient: 'B' }]),
  })
  const claimed = await claimAll(store)
  assert.deepEqual(
    claimed
      .map(({ id, recipient, destination, destinationHash }) => [id, recipient, destination, destinationHash])
      .sort(),
    [
      ['a', 'A', destination, hashOf(destination)],
      ['b', 'B', destination, hashOf(destination)],
      ['none', undefined, destination, hashOf(destination)],
    ],
  )
  assert.equal((await store.get('a'))?.destinationHash, hashOf(destination))
  assert.equal((await store.get('a'))?.recipient, 'A')
})

test('a delivery of version 2 whose recipient has a destination of its own leaves in its order', async () => {
  const key = { orderingKey: 'invoice-1' }
  const store = sqliteStore({
    database: oldStore([
      { id: 'first', ...key },
      { id: 'a1', ...key, recipient: 'A', behind: true },
      { id: 'second', ...key, behind: true },
      { id: 'a2', ...key, recipient: 'A', behind: true },
      { id: 'b1', ...key, recipient: 'B', behind: true },
    ]),
  })
  const turns: string[][] = []
  for (;;) {
    const claimed = await claimAll(store)
    if (claimed.length === 0) break
    turns.push(claimed.map(({ id }) => id).sort())
    await store.endAttempts({ attempts: claimed.map(accepted), now })
  }
  assert.deepEqual(turns, [
    ['a1', 'b1', 'first'],
    ['a2', 'second'],
  ])
})

test('an idempotency key of version 2 stands for its recipient only', async () => {
  const key = { idempotencyKey: 'order-17' }
  const store = sqliteStore({ database: oldStore([{ id: 'a', recipient: 'A', ...key }, { id: 'b' }]) })
  const { operation, callback } = newDelivery('x')
  const idOf = async (recipient: string | undefined) =>
    (await store.find({ ...key, operation, callback, destination, recipient }))?.id
  assert.deepEqual(await Promise.all(['A', 'B', undefined].map(idOf)), ['a', undefined, undefined])
})

test('a destination of version 2 goes with its last delivery', async () => {
  const database = oldStore([
    { id: 'a', recipient: 'A' },
    { id: 'b', recipient: 'A' },
  ])
  const store = sqliteStore({ database })
  await store.endAttempts({ attempts: (await claimAll(store)).map(failed), now })
  assert.equal(await store.erase({ now, limit: 10 }), 2)
  for (const table of ['ringback_destination', 'ringback_origin'])
    assert.equal(database.prepare(`select count(*) as rows from ${table}`).get()?.rows, 0, table)
})

test('what version 2 had taken in and not yet placed is placed as it was', async () => {
  const database = oldStore([])
  const kind = ['createInvoice', 'invoiceNotification', 'POST', null, [0], 1_000, false, false]
  const written = (id: string, recipient: string) => [
    ...[0, now, id, `${destination}/${id}`, destination, 'https://a.example', recipient],
    ...[null, null, null, null, null],
  ]
  database
    .prepare('insert into ringback_intake (number, deliveries) values (2, ?)')
    .run(JSON.stringify([[kind], [written('none', destination), written('a', 'A')]]))
  const claimed = await claimAll(sqliteStore({ database }))
  assert.deepEqual(claimed.map(({ id, recipient, destinationHash }) => [id, recipient, destinationHash]).sort(), [
    ['a', 'A', hashOf(destination)],
    ['none', undefined, hashOf(destination)],
  ])
})
