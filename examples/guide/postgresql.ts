import { type Generated, Kysely, PostgresDialect } from 'kysely'
import { DatabaseError, Pool, type PoolClient } from 'pg'
import { callback, dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { postgresStore } from 'ringback/postgres'
import { z } from 'zod'

/** What is in the database. */
interface Tables {
  readonly booking: { readonly id: Generated<number>; readonly berth: number; readonly boat: string }
}

const connectionString = process.env['DATABASE_URL'] ?? 'postgres://harbour:password@127.0.0.1/harbour'

// One pool for your tables and for the deliveries.
export const pool = new Pool({ connectionString, max: 20 })
export const store = postgresStore({ pool })

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  delivery: {
    store,
    signing: { masterSecret: process.env['RINGBACK_MASTER_SECRET'] ?? 'a secret for this example only' },
  },
  // Ends after the worker has.
  async *lifespan() {
    yield
    await pool.end()
  },
})

// For what only reads. It is made at the start, and so are its tables.
export const database = dependency({ scope: 'app' }, async () => {
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  await database.schema
    .createTable('booking')
    .ifNotExists()
    .addColumn('id', 'integer', column => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('berth', 'integer', column => column.notNull().unique())
    .addColumn('boat', 'text', column => column.notNull())
    .execute()
  return database
})

/** Kysely on one connection, which somebody else gives back. */
const kyselyOn = (client: PoolClient): Kysely<Tables> => {
  const borrowed = { query: client.query.bind(client), release() {} }
  const one = { connect: async () => borrowed, end: async () => {}, options: pool.options }
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: one }) })
}

// What a handler writes and what it sends is committed together.
const transaction = dependency({ scope: 'handler', dependencies: { client: store.transaction } }, ({ client }) => ({
  client,
  database: kyselyOn(client),
}))

const booked = callback.post('{$callback_url}/booked', { body: z.object({ id: z.int() }) })
const NewBooking = z.object({ berth: z.int().min(1).max(40), boat: z.string().min(1) })
const Booking = NewBooking.extend({ id: z.int() }).meta({ id: 'Booking' })

app.post(
  '/bookings',
  {
    query: z.object({ callback_url: z.url() }),
    body: NewBooking,
    dependencies: { transaction },
    status: 201,
    response: Booking,
    callbacks: { booked },
  },
  async function book({ body, transaction: { client, database }, callbacks }) {
    const booking = await database.insertInto('booking').values(body).returningAll().executeTakeFirstOrThrow()
    await callbacks.booked.send({ id: booking.id }, { transaction: client })
    return booking
  },
)

app.get(
  '/bookings',
  { dependencies: { database }, response: z.array(Booking) },
  async function listBookings({ database }) {
    return database.selectFrom('booking').selectAll().orderBy('berth').execute()
  },
)

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const UNIQUE_VIOLATION = '23505'

// A constraint of the database is the client's mistake, too. Anything else is thrown again.
app.onError(DatabaseError, error => {
  if (error.code !== UNIQUE_VIOLATION) throw error
  const problem = { type: 'about:blank', title: 'Conflict', status: 409, detail: 'That berth is taken' }
  return Response.json(problem, { status: 409, headers: { 'content-type': 'application/problem+json' } })
})

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })
receiver.post('/booked', { body: z.object({ id: z.int() }), status: 204 }, async function hear({ body, log }) {
  log.info('Booked', body)
})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
