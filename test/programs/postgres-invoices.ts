// The invoice application on a store in PostgreSQL: it serves, sends or does both, as ROLE says.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createDelivery } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { postgresStore } from 'ringback/postgres'
import { withShortMargin } from '../support/short-margin.ts'
import { shortLeaseApp } from './short-lease-app.ts'

const { DATABASE_URL = '', ROLE = 'both', WAIT_LIMIT_MS = '5000', RINGBACK_MASTER_SECRET = '' } = process.env
const store = withShortMargin(
  postgresStore({ connectionString: DATABASE_URL, preparedStatements: true, waitLimitMs: Number(WAIT_LIMIT_MS) }),
)

// How long others wait for the event loop, since it was last asked; in milliseconds.
const loopDelay = monitorEventLoopDelay({ resolution: 5 })
loopDelay.enable()
process.on('message', () => {
  const [p99, most] = [loopDelay.percentile(99) / 1e6, loopDelay.max / 1e6]
  loopDelay.reset()
  process.send?.({ p99, most })
})

if (ROLE === 'worker') {
  const engine = createDelivery({
    store,
    signing: { masterSecret: RINGBACK_MASTER_SECRET },
    destinations: { allow: ['127.0.0.0/8'] },
  })
  await engine.start()
  process.once('SIGTERM', () => void engine.close({ graceMs: 2_000 }).then(() => process.disconnect?.()))
  process.send?.({ url: '' })
} else {
  const app = shortLeaseApp({ store, worker: ROLE === 'both' })
  const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
  process.send?.({ url: server.url })
}
