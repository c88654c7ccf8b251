import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import pg from 'pg'
import { z } from 'zod'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { signedRequest } from '../../../../test/support/signed-request.ts'
import { ManualClock } from '../../manual-clock.ts'
import { callback } from '../../operation/callback-definition.ts'
import { generateSecret } from '../../signature/generate.ts'
import { receive } from '../receive.ts'
import type { Received } from '../received.ts'
import type { Dedupe } from './dedupe.ts'
import { postgresDedupe } from './postgres-dedupe.ts'
import { sqliteDedupe } from './sqlite-dedupe.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringback-exactly-'))
const server = await startPostgres()
const pool = new pg.Pool({ connectionString: server.connectionString })
const path = join(folder, 'payments.sqlite')
const database = new DatabaseSync(path)
database.exec('create table payment (invoice text)')
await pool.query('create table payment (invoice text)')
const clock = new ManualClock()
after(async () => {
  database.close()
  await pool.end()
  await server.stop()
  await rm(folder, { recursive: true })
})

const paid = callback.post('{$u}', { body: z.object({ invoice: z.string() }), response: z.object({ run: z.number() }) })
type Got = Received<typeof paid>

/** Where a handler is stopped in its work. */
type Stop = (place: 'before commit' | 'after commit') => unknown

/** A database with a handler that writes there, in a transaction that says as well that it has handled the message. */
interface Form {
  readonly dedupe: Dedupe
  handle(got: Got, run: number, stop: Stop): unknown
  paymentsOf(invoice: string): Promise<number>
  passLease(): Promise<unknown>
}

const sqlite: Form = {
  dedupe: sqliteDedupe({ path, clock }),
  handle({ body, handled }, run, stop) {
    database.exec('begin immediate')
    try {
      database.prepare('insert into payment values (?)').run(body.invoice)
      const response = handled({ run }, { transaction: database })
      assert.ok(!(response instanceof Promise))
      stop('before commit')
      database.exec('commit')
      stop('after commit')
      return response
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  },
  paymentsOf: async invoice =>
    Number(database.prepare('select count(*) as n from payment where invoice = ?').get(invoice)?.['n']),
  passLease: async () => clock.advance({ seconds: 61 }),
}

const postgres: Form = {
  dedupe: postgresDedupe({ pool }),
  async handle({ body, handled }, run, stop) {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query('insert into payment values ($1)', [body.invoice])
      const response = await handled({ run }, { transaction: client })
      await stop('before commit')
      await client.query('commit')
      await stop('after commit')
      return response
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  },
  paymentsOf: async invoice => (await pool.query('select 1 from payment where invoice = $1', [invoice])).rows.length,
  passLease: () =>
    pool.query(`update ringback.received set until = until - interval '61 seconds' where status is null`),
}

for (const [name, form] of Object.entries({ sqlite, postgres }))
  describe(`With a transaction of ${name}, a handler's work`, () => {
    const secret = generateSecret()
    let run = 0
    let stop: Stop = () => {}
    let first: () => unknown = () => {}
    const options = { secrets: [secret], dedupe: form.dedupe, log: new RecordingLog(), clock }
    const handler = receive(paid, options, async got => {
      await first()
      return (await form.handle(got, ++run, stop)) as { run: number }
    })
    const send = async (invoice: string) => {
      const timestamp = Math.floor(clock.now() / 1_000)
      const message = { id: `msg_${invoice}`, body: JSON.stringify({ invoice }), timestamp, secrets: [secret] }
      const response = await handler(signedRequest('https://external.example/', message))
      return response.status === 200 ? ((await response.json()) as { run: number }).run : response.status
    }

    it('is done once, whether it fails before or after its commit', async () => {
      const failAt =
        (place: string): Stop =>
        reached => {
          if (reached === place) throw new Error(place)
        }
      stop = failAt('before commit')
      assert.equal(await send('a'), 500)
      assert.equal(await form.paymentsOf('a'), 0)
      stop = failAt('after commit')
      assert.equal(await send('a'), 500)
      stop = () => {}
      for (const _ of [1, 2]) assert.equal(await send('a'), 2)
      assert.equal(await form.paymentsOf('a'), 1)
    })

    it('is done once, though its lease was over and another one has handled the message', async () => {
      const [begun, waiting] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      first = () => {
        begun.resolve()
        return waiting.promise
      }
      const slow = send('b')
      await begun.promise
      assert.equal(await send('b'), 409)
      await form.passLease()
      first = () => {}
      const second = await send('b')
      assert.equal(second, run)
      waiting.resolve()
      assert.equal(await slow, 500)
      assert.equal(await form.paymentsOf('b'), 1)
      assert.equal(await send('b'), second)
    })
  })
