import cluster from 'node:cluster'
import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const orderDone = callback.post('{$request.body.callback_url}/orders/{$request.body.id}', {
  body: z.object({ status: z.literal('packed') }),
})

export const app = new Ringback({
  title: 'Orders, deployed',
  version: '1.0.0',
  // What these addresses forward is believed; a container's proxy is on its private network.
  trustedProxies: ['127.0.0.1', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
})

app.post(
  '/orders',
  {
    operationId: 'placeOrder',
    body: z.object({ id: z.string(), callback_url: z.url() }),
    status: 202,
    callbacks: { orderDone },
  },
  async function placeOrder({ callbacks }) {
    await callbacks.orderDone.send({ status: 'packed' })
  },
)

app.get(
  '/seen',
  { response: z.object({ url: z.string(), address: z.string().optional() }) },
  async function readSeen({ request, clientAddress }) {
    return { url: request.url, address: clientAddress }
  },
)

/** Keeps two processes, which share one port and one store, and ends with them. */
function keepProcesses(): void {
  let ends = false
  for (let started = 0; started < 2; started++) cluster.fork()
  // Not at once: one that cannot start would be started without end.
  const again = () => ends || cluster.fork()
  cluster.on('exit', () => ends || setTimeout(again, 1_000))
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      ends = true
      for (const one of Object.values(cluster.workers ?? {})) one?.process.kill(signal)
    })
}

if (import.meta.main) {
  if (cluster.isPrimary) keepProcesses()
  else await serve(app, { health: true })
}
