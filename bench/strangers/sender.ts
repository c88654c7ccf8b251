import { setTimeout as pause } from 'node:timers/promises'
import { createEngine, deliveryTo } from '../isolation/engine.ts'
import { announce, serveCommands } from '../process/parent.ts'
import { watchMemory } from '../process/watch-memory.ts'
import { knownCount, knownUrl, newUrl, strangerUrl } from './addresses.ts'
import type { Attack } from './attacks.ts'

/** How long the honest load lasts; the attack begins with it. */
export interface SenderCommand extends Attack {
  readonly seconds: number
}

/** What was sent, and what it cost. */
export interface SenderState {
  readonly known: number
  readonly fresh: number
  readonly cpuSeconds: number
  /** Resident memory before anything was sent, and the most since. */
  readonly idleBytes: number
  readonly mostBytes: number
}

/** A program that sends and delivers, with all defaults of the engine. */
const [port = 0, database = ''] = [Number(process.argv[2]), process.argv[3]]
const knownPerSecond = 20
const newEverySeconds = 2
const storedTogether = 1_000

const delivery = createEngine(database)
await delivery.deliveries.list({ limit: 1 })
const memory = watchMemory()
await delivery.start()

const bodyOf = (sentAt: bigint) => Buffer.from(JSON.stringify({ sentAt: String(sentAt) }))
const strange = (number: number) => ({ ...deliveryTo(strangerUrl(port, number), bodyOf(0n)), recipient: 'attacker' })
const send = (url: string, recipient: string, sentAt = process.hrtime.bigint()) =>
  delivery.send({ ...deliveryTo(url, bodyOf(sentAt)), recipient })

// The known origins have all responded before.
let warm = 0
const warmedUp = new Promise<void>(resolve =>
  delivery.on('delivery.settled', () => {
    if (++warm === knownCount) resolve()
  }),
)
for (let number = 0; number < knownCount; number++) await send(knownUrl(port, number), `customer ${number}`)
await warmedUp

serveCommands<SenderCommand, SenderState>(async ({ seconds, atOnce, perSecond = 0 }) => {
  const cpuBefore = process.cpuUsage()
  if (atOnce !== undefined) await sendAtOnce(atOnce)
  const startedAt = process.hrtime.bigint()
  const [known, fresh, attacking] = [0, 0, 0].map(() => ({ sent: 0 }))
  /** Each at its time, whatever happened to earlier ones: a delay in this process counts as waiting, too. */
  const catchUp = (
    of: { sent: number } | undefined,
    perMs: number,
    elapsedMs: number,
    next: (number: number, at: bigint) => void,
  ) => {
    for (; of !== undefined && of.sent <= elapsedMs * perMs && perMs > 0; of.sent++)
      next(of.sent, startedAt + BigInt(Math.round((of.sent / perMs) * 1e6)))
  }
  for (let elapsedMs = 0; elapsedMs < seconds * 1_000; elapsedMs = Number(process.hrtime.bigint() - startedAt) / 1e6) {
    catchUp(
      known,
      knownPerSecond / 1_000,
      elapsedMs,
      (number, at) => void send(knownUrl(port, number), `customer ${number % knownCount}`, at),
    )
    catchUp(
      fresh,
      1 / newEverySeconds / 1_000,
      elapsedMs,
      (number, at) => void send(newUrl(port, number), 'newcomer', at),
    )
    catchUp(attacking, perSecond / 1_000, elapsedMs, number => void delivery.send(strange(number)))
    await pause(1)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    known: known?.sent ?? 0,
    fresh: fresh?.sent ?? 0,
    cpuSeconds: (user + system) / 1e6,
    idleBytes: memory.idleBytes,
    mostBytes: memory.mostBytes(),
  }
})
announce('ready')

/** In a few commits: the store's queue would refuse this many requests at once. */
async function sendAtOnce({ origins, each }: NonNullable<Attack['atOnce']>): Promise<void> {
  const numbers = Array.from({ length: origins * each }, (_, index) => index % origins)
  for (let from = 0; from < numbers.length; from += storedTogether)
    await delivery.store(numbers.slice(from, from + storedTogether).map(number => delivery.prepare(strange(number))))
}
