import { setTimeout as pause } from 'node:timers/promises'
import { everyone, Ringback, webhook } from 'ringback'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'
import { announce, serveCommands } from '../process/parent.ts'
import { sendAtRate } from '../process/send-at-rate.ts'

/** A load of messages to single owners, each sent at its time, and messages to everyone beside it. */
export interface FanoutCommand {
  readonly seconds: number
  readonly perSecond: number
  /** Messages to everyone, spread over the time. */
  readonly fanouts: number
}

/** What the sender has done. */
export interface FanoutState {
  readonly sent: number
  /** How long each send to everyone took. */
  readonly everyoneMs: readonly number[]
  readonly cpuSeconds: number
}

const [port = '', endpoints = '', path = ''] = process.argv.slice(2)
const OWNERS = 100
/** Owners whose messages are measured: each endpoint has an origin of its own. */
const MEASURED = 20

const body = z.object({ sentAt: z.string() })
const app = new Ringback({
  ...{ title: 'Fan-outs', version: '1.0.0' },
  webhooks: { measured: webhook.post({ body }), bulk: webhook.post({ data: body }) },
  delivery: {
    store: sqliteStore({ path }),
    signing: { masterSecret: 'a master secret for benchmarks only' },
    destinations: { allow: ['127.0.0.0/8'] },
  },
  log: { debug() {}, info() {}, warn() {}, error() {} },
})
await app.start()
await app.endpoints.import(imported())

async function* imported() {
  const secrets = [`whsec_${Buffer.alloc(24, 1).toString('base64')}`] as [string]
  for (let index = 0; index < MEASURED; index++)
    yield {
      ...{ id: `ep_m${index}`, owner: `measured ${index}`, url: `http://127.0.1.${index + 1}:${port}/latency` },
      ...{ events: ['measured'] as const, secrets },
    }
  for (let index = 0; index < Number(endpoints); index++)
    yield {
      ...{ id: `ep_${index}`, owner: `owner ${index % OWNERS}`, url: `http://127.0.2.${index % 100}:${port}/${index}` },
      ...{ events: ['bulk'] as const, secrets },
    }
}

serveCommands<FanoutCommand, FanoutState>(async ({ seconds, perSecond, fanouts }) => {
  const cpuBefore = process.cpuUsage()
  const everyoneMs: number[] = []
  const sent = seconds * perSecond
  const measured = sendAtRate({ count: sent, perSecond }, (index, sentAt) =>
    app.webhooks.measured.send({ sentAt }, { owner: `measured ${index % MEASURED}` }),
  )
  await Promise.all([measured, sendToEveryone()])
  const { user, system } = process.cpuUsage(cpuBefore)
  return { sent, everyoneMs, cpuSeconds: (user + system) / 1e6 }

  async function sendToEveryone(): Promise<void> {
    for (let fanout = 0; fanout < fanouts; fanout++) {
      const begun = performance.now()
      await app.webhooks.bulk.send({ sentAt: '0' }, { owner: everyone })
      everyoneMs.push(performance.now() - begun)
      await pause((seconds * 1_000) / fanouts)
    }
  }
})
announce('ready')
