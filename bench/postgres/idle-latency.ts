import { join } from 'node:path'
import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { startPostgresServer } from '../../test/support/postgres-server.ts'
import { Child } from '../process/child.ts'
import type { ReceiverCommand, ReceiverState } from '../receiver/receiver-command.ts'
import { quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import { idleSigning } from './idle-signing.ts'

/**
 * How long a delivery takes from `send` to the last byte at its receiver, where the worker is another process that has
 * nothing to do: one delivery at a time, 50 ms after the other, with durable commits.
 *
 *     node bench/postgres/idle-latency.ts [deliveries, default 200]
 */
const [deliveries = 200] = process.argv.slice(2).map(Number)
const pauseMs = 50
const warmUp = 20
const bench = (file: string) => join(import.meta.dirname, '..', file)

const server = await startPostgresServer([])
const { connectionString } = server
const receiver = await Child.start<{ port: number }>(bench('receiver/receiver.ts'))
const receiverUrl = `http://127.0.0.1:${receiver.ready.port}`
const rows = []
for (const wake of ['listen', 'poll'] as const) rows.push(await measure(wake))
printTable(['wake', 'p50 ms', 'p90 ms', 'p99 ms', 'most ms', 'arrived'], rows)
await receiver.child.stop()
await server.stop()

async function measure(wake: 'listen' | 'poll') {
  const schema = `idle_${wake}`
  const worker = await Child.start(bench('postgres/idle-worker.ts'), {
    args: [connectionString, schema, wake],
    env: { NODE_ENV: 'production' },
  })
  const store = postgresStore({ connectionString, schema, wake, preparedStatements: true })
  const delivery = createDelivery({ store, ...idleSigning, worker: false })
  const send = () =>
    delivery.send({
      ...{ operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST' },
      ...{ url: `${receiverUrl}/latency`, destination: `${receiverUrl}/` },
      body: Buffer.from(JSON.stringify({ sentAt: String(process.hrtime.bigint()) })),
    })
  await sendMany(warmUp, send)
  await arrivals()
  await sendMany(deliveries, send)
  const { arrivalsMs } = await arrivals()
  await delivery.close()
  await worker.child.stop()
  const figures = [0.5, 0.9, 0.99, 1].map(q => quantile(arrivalsMs, q).toFixed(1))
  return [wake, ...figures, `${arrivalsMs.length} of ${deliveries}`]
}

async function sendMany(count: number, send: () => Promise<unknown>): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    await (await fetch(`${receiverUrl}/pause/${pauseMs}`)).text()
    await send()
  }
}

/** What has arrived, once nothing more can be on its way. */
async function arrivals(): Promise<ReceiverState> {
  await (await fetch(`${receiverUrl}/pause/2000`)).text()
  return receiver.child.ask<ReceiverState>({ limitMs: 0 } satisfies ReceiverCommand)
}
