import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { hashOf } from '../../signature/destination-hash.ts'
import { accepted, claimRequest, failed, newDelivery, startMs } from '../conformance/rows.ts'
import { migrate, tablesVersion } from './schema.ts'
import { sqliteStore } from './sqlite-store.ts'
import { prepareDatabase } from './thread/batch.ts'

/**
 * What a version stands for: the tables with their indexes. Whoever changes them adds a migration, and its hash here; those
 * that are published stay as they are.
 */
const hashes: Readonly<Record<number, string>> = {
  4: 'olZlMoZXIascTgbdAW9WEYdd2K7UdkF9oSWy3CcvCNE',
  5: 'Evbep1W-WHR6mK6PfT_4YUVW7YDRqiULSMAoYCLmzN4',
  6: 'EqIo4kVz3yvM06zZuG-SeIlZSYrTvkJ4eVYgzKs0LMc',
}

test('the version of the tables stands for these tables and for no others', () => {
  const database = new DatabaseSync(':memory:')
  prepareDatabase(database)
  const tables = database
    .prepare("select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%' order by type, name")
    .all()
    .map(({ type, name, tbl_name, sql }) => [type, name, tbl_name, String(sql).replaceAll(/\s+/g, ' ')])
  const hash = createHash('sha256').update(JSON.stringify(tables)).digest('base64url')
  assert.equal(hash, hashes[tablesVersion], `version ${tablesVersion} stands for something else now`)
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
