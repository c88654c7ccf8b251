import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../../test/support/postgres-server.ts'
import { KnownLeases } from '../attempts/known-leases.ts'
import { migrate } from '../schema.ts'
import { begin } from './begin.ts'
import { createStatements } from './statement.ts'
import type { Transaction } from './transaction.ts'

const server = await startPostgres()
after(() => server.stop())

for (const pipeline of [true, false]) {
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 1, pipeline } as pg.PoolConfig)
  const statements = createStatements(`begin_${pipeline}`, true)
  before(async () => {
    const client = await pool.connect()
    await migrate(client, statements, `begin_${pipeline}`)
    client.release()
  })
  after(() => pool.end())

  /** Does work in a transaction, which is rolled back. */
  async function within<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    try {
      const memory = { claimNotedAt: 0, foldedAt: 0, leases: new KnownLeases() }
      return await work(await begin(client, { statements, memory }, { byKeys: true, claims: false }))
    } finally {
      await statements.script(client, 'rollback')
      client.release()
    }
  }
  const how = pipeline ? 'in a pipeline' : 'one after the other'

  test(`what is sent with the next statement is done before it, ${how}`, async () => {
    const rows = await within(async ({ query, queryAll, sendWithNext }) => {
      sendWithNext('insert into ringback.key (id) values ($1::text)', ['a'])
      sendWithNext('update ringback.key set id = $1::text', ['b'])
      const first = await query('select id from ringback.key')
      sendWithNext('update ringback.key set id = $1::text', ['c'])
      return [...first, ...(await queryAll([{ text: 'select id, 1 from ringback.key', values: [] }])).flat()]
    })
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['b', 'c'],
    )
  })

  test(`a statement that is sent with the next one fails it, and says why, ${how}`, async () => {
    await within(async ({ query, sendWithNext }) => {
      sendWithNext('select 1 / $1::int', [0])
      await assert.rejects(query('select 1'), /division by zero/)
    })
  })
}
