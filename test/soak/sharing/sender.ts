import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'

/** Stores a delivery for each key when it is told to, as its siblings do at the same time, and tells their ids. */
const [connectionString = '', masterSecret = '', receiver = '', keys = '0'] = process.argv.slice(2)
const delivery = createDelivery({
  store: postgresStore({ connectionString, wake: 'listen' }),
  signing: { masterSecret },
  destinations: { allow: ['127.0.0.0/8'] },
  retryDelaysSeconds: Array.from({ length: 20 }, () => 0.1),
  worker: false,
})
await delivery.start()
process.on('message', async () => {
  const ids = await Promise.all(
    Array.from({ length: Number(keys) }, async (_, key) => {
      const url = `${receiver}/once/${key}`
      const request = { operation: 'o', callback: 'c', method: 'POST', url, destination: `${receiver}/once` } as const
      return (await delivery.send({ ...request, idempotencyKey: String(key), body: Buffer.from('{}') })).id
    }),
  )
  process.send?.({ ids })
  await delivery.close()
  process.exit()
})
process.send?.('ready')
