// Two processes behind a proxy: 12-deploy/ has the Dockerfile, the proxy and both in Docker Compose.
import cluster from 'node:cluster'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const PROCESSES = 2

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // Only the proxy's addresses: what it forwards is believed.
  trustedProxies: (process.env['TRUSTED_PROXIES'] ?? '127.0.0.1,::1').split(','),
})

const Seen = z.object({ url: z.string(), address: z.string().optional(), process: z.int() })

app.get('/seen', { response: Seen }, async function readSeen({ request, clientAddress }) {
  return { url: request.url, address: clientAddress, process: process.pid }
})

function keepProcesses(): void {
  let ends = false
  for (let started = 0; started < PROCESSES; started++) cluster.fork()
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
