import { createDelivery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { announce } from '../process/parent.ts'
import { masterSecret } from './master-secret.ts'

/** Delivers what the web process stores, in a process of its own on the same file. */
const [path = ''] = process.argv.slice(2)
const delivery = createDelivery({
  store: sqliteStore({ path }),
  signing: { masterSecret },
  destinations: { allow: ['127.0.0.0/8'] },
  concurrency: { total: 64, perOrigin: 64 },
})
await delivery.start()
announce('ready')
