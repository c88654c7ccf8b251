import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // "no": this process only stores what is to be sent, and `ringback worker` sends it.
  delivery: { worker: process.env['SENDS'] !== 'no' },
})

const docked = callback.post('{$callback_url}/docked', { body: z.object({ boat: z.string() }) })

app.post(
  '/boats/{boat}',
  { operationId: 'dock', query: z.object({ callback_url: z.url() }), response: z.int(), callbacks: { docked } },
  async function dock({ params, callbacks }) {
    await callbacks.docked.send({ boat: params.boat })
    return process.pid
  },
)

/** Keeps as many processes as there are cores, which share one port, and ends with them. */
function keepProcesses(): void {
  let ends = false
  for (let started = 0; started < availableParallelism(); started++) cluster.fork()
  // Not at once: one that cannot start would be started without end.
  const again = () => ends || cluster.fork()
  cluster.on('exit', () => ends || setTimeout(again, 1_000))
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      ends = true
      for (const one of Object.values(cluster.workers ?? {})) one?.process.kill(signal)
    })
}

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })

receiver.post(
  '/events/docked',
  { body: z.object({ boat: z.string() }), status: 204 },
  async function hear({ body, log }) {
    log.info('Docked', body)
  },
)

if (import.meta.main) {
  if (cluster.isPrimary) keepProcesses()
  else await serve(app)
}
