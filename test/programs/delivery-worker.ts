// A worker of the store that the environment names: no API, only deliveries.
import { createDelivery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { withShortMargin } from '../support/short-margin.ts'

const { TEST_STORE: path = '', RINGBACK_MASTER_SECRET: masterSecret = '' } = process.env
const engine = createDelivery({
  store: withShortMargin(sqliteStore({ path }), 2_000),
  signing: { masterSecret },
  destinations: { allow: ['127.0.0.0/8'] },
})
await engine.start()
// The engine's timers alone do not keep a process.
process.on('message', () => undefined)
process.once('SIGTERM', () => void engine.close({ graceMs: 2_000 }).then(() => process.disconnect?.()))
process.send?.({ url: path })
