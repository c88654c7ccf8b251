import { setTimeout as pause } from 'node:timers/promises'
import { announce, serveCommands } from '../process/parent.ts'
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
  const sent = await sendAtRate(seconds * perSecond, 1000 / perSecond)
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

/** A delivery says when it should have been sent: a delay in this process counts as waiting, too. */
async function sendAtRate(count: number, intervalMs: number): Promise<number> {
  const startedAt = process.hrtime.bigint()
  const stored: Promise<unknown>[] = []
  while (stored.length < count) {
    const elapsedMs = Number(process.hrtime.bigint() - startedAt) / 1e6
    while (stored.length < count && stored.length * intervalMs <= elapsedMs) {
      const sentAt = startedAt + BigInt(Math.round(stored.length * intervalMs * 1e6))
      const body = Buffer.from(JSON.stringify({ sentAt: String(sentAt) }))
      stored.push(delivery.send(deliveryTo(healthyUrl(Number(port), stored.length), body)))
    }
    await pause(1)
  }
  await Promise.all(stored)
  return stored.length
}
