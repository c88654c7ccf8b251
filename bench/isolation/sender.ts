import { announce, serveCommands } from '../process/parent.ts'
import { sendAtRate } from '../process/send-at-rate.ts'
import { watchMemory } from '../process/watch-memory.ts'
import { deadAddress, drippingAddress, healthyUrl } from './destinations.ts'
import { createEngine, deliveryTo } from './engine.ts'

/** A load of deliveries to the healthy destinations, each sent at its time whatever happened to earlier ones. */
export interface SenderCommand {
  readonly seconds: number
  readonly perSecond: number
}

/** What the sender has seen since it was last asked. */
export interface SenderState {
  readonly sent: number
  /** Attempts that ended, by what kind of destination they went to. */
  readonly attempts: { readonly healthy: number; readonly dead: number; readonly dripping: number }
  readonly cpuSeconds: number
  /** Resident memory before anything was sent, and the most since. */
  readonly idleBytes: number
  readonly mostBytes: number
}

/** A program that sends and delivers. */
const [port = '', database = ''] = process.argv.slice(2)

const delivery = createEngine(database)
let attempts = { healthy: 0, dead: 0, dripping: 0 }
delivery.on('attempt.finished', ({ url }) => {
  const { hostname } = new URL(url)
  if (hostname === deadAddress) attempts.dead++
  else if (hostname === drippingAddress) attempts.dripping++
  else attempts.healthy++
})
await delivery.deliveries.list({ limit: 1 })
const memory = watchMemory()
await delivery.start()

serveCommands<SenderCommand, SenderState>(async ({ seconds, perSecond }) => {
  attempts = { healthy: 0, dead: 0, dripping: 0 }
  const cpuBefore = process.cpuUsage()
  const sent = seconds * perSecond
  await sendAtRate({ count: sent, perSecond }, (index, sentAt) => {
    return delivery.send(deliveryTo(healthyUrl(Number(port), index), Buffer.from(JSON.stringify({ sentAt }))))
  })
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    sent,
    attempts,
    cpuSeconds: (user + system) / 1e6,
    idleBytes: memory.idleBytes,
    mostBytes: memory.mostBytes(),
  }
})
announce('ready')
