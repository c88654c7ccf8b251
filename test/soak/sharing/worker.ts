import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'

/** Sends what others store, until it is ended. */
const [connectionString = '', masterSecret = ''] = process.argv.slice(2)
const delivery = createDelivery({
  store: postgresStore({ connectionString, wake: 'listen' }),
  signing: { masterSecret },
  destinations: { allow: ['127.0.0.0/8'] },
})
await delivery.start()
process.on('message', async () => {
  await delivery.close({ graceMs: 1_000 })
  process.exit()
})
process.send?.('ready')
