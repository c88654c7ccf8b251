import pg from 'pg'
import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'

/** Stores orders and deliveries in the same transactions, several at a time, until it is killed; half of them are rolled back. */
const [connectionString = '', masterSecret = '', round = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 8 })
const delivery = createDelivery({
  store: postgresStore({ pool, schema: 'killed' }),
  signing: { masterSecret },
  worker: false,
})

async function order(id: string, end: 'commit' | 'rollback'): Promise<void> {
  const client = await pool.connect()
  await client.query('begin')
  await client.query('insert into orders (id) values ($1)', [id])
  const url = `https://a.example/${id}`
  const request = { operation: 'o', callback: 'c', method: 'POST', url, destination: 'https://a.example' } as const
  await delivery.send(request, { transaction: client })
  await client.query(end)
  client.release()
}

async function many(lane: number): Promise<void> {
  for (let at = 0; ; at++) {
    await order(`r${round}-${lane}-${at}`, at % 2 === 0 ? 'commit' : 'rollback')
    if (lane === 0 && at === 2) process.send?.('begun')
  }
}

await Promise.all([0, 1, 2, 3].map(many))
