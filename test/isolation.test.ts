import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { createDelivery, type DeliveryEngine, type DeliveryOptions } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { ManualClock } from 'ringback/testing'
import { seededRandom } from './soak/seeded-random.ts'
import { soon } from './soak/soon.ts'

type Respond = (path: string, body: string, response: ServerResponse) => void

/** An external API that responds as the test says, and engines that share one database file. */
async function setUp(context: TestContext, respond: Respond) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-isolation-'))
  const engines: DeliveryEngine[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    respond(request.url ?? '', body, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  context.after(async () => {
    await Promise.all(engines.map(engine => engine.close({ graceMs: 0 })))
    server.close().closeAllConnections()
    await rm(folder, { recursive: true })
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    createEngine(options: Partial<DeliveryOptions>) {
      const engine = createDelivery({
        store: sqliteStore({ path: join(folder, 'deliveries.sqlite') }),
        signing: { masterSecret: 'a master secret that only this test knows' },
        destinations: { allow: ['127.0.0.1'] },
        ...options,
      })
      engines.push(engine)
      return engine
    },
  }
}

function message(destination: string, content: unknown, orderingKey?: string) {
  const body = Buffer.from(JSON.stringify(content))
  const names = { operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST' }
  return { ...names, url: destination, destination, body, ...(orderingKey !== undefined && { orderingKey }) }
}

for (const status of [500, 503])
  it(`A 410 and ten responses with ${status} at one destination leave another one of the same host untouched`, async context => {
    const statuses = [410, ...Array.from({ length: 10 }, () => status)]
    const { url, createEngine } = await setUp(context, (path, _, response) => {
      response.statusCode = path === '/a' ? (statuses.shift() ?? 200) : 200
      response.end('{"ok":true}')
    })
    const clock = new ManualClock()
    const delivery = createEngine({ clock, random: () => 0 })
    const opened: string[] = []
    delivery.on('destination.opened', ({ destination }) => opened.push(destination))
    const sendTo = async (path: '/a' | '/b') => {
      const { id } = await delivery.send(message(url + path, {}))
      await delivery.deliverDue()
      return id
    }
    const found = async (id: string) => {
      const { state, attemptCount, nextAttemptAt = clock.now() } = (await delivery.deliveries.get(id)) ?? {}
      return { ended: [state, attemptCount], nextAttemptAt }
    }
    const assertOtherUntouched = async () => {
      const ids = [await sendTo('/b'), await sendTo('/b')]
      for (const id of ids) assert.deepEqual((await found(id)).ended, ['delivered', 1])
    }

    assert.deepEqual((await found(await sendTo('/a'))).ended, ['failed', 1])
    await assertOtherUntouched()
    const failing = await sendTo('/a')
    for (let attempts = 1; attempts < 10; attempts++) {
      const { ended, nextAttemptAt } = await found(failing)
      assert.deepEqual(ended, ['scheduled', attempts])
      await assertOtherUntouched()
      clock.advance(nextAttemptAt - clock.now())
      await delivery.deliverDue()
    }
    assert.deepEqual((await found(failing)).ended, ['failed', 10])
    assert.deepEqual(opened, [`${url}/a`])

    const held = await sendTo('/a')
    await assertOtherUntouched()
    assert.deepEqual((await found(held)).ended, ['scheduled', 0])
    clock.advance({ hours: 1 })
    await delivery.deliverDue()
    assert.deepEqual((await found(held)).ended, ['delivered', 1])
  })

const WORKERS = 4
const SLOTS_EACH = 2
const KEYS = Array.from({ length: 16 }, (_, number) => `/${number % 2}/key-${number}`)
const MESSAGES_EACH = 12
const SEED = 1

/** What a receiver does with one message, attempt by attempt: `reset` breaks the connection. */
type Plan = ('reset' | 200 | 410 | 500)[]

function randomPlan(random: () => number): Plan {
  const failures = random() < 0.6 ? 0 : random() < 0.6 ? 1 : 2
  const plan: Plan = Array.from({ length: failures }, () => (random() < 0.5 ? 'reset' : 500))
  return [...plan, random() < 0.1 ? 410 : 200]
}

it(`Deliveries of one ordering key keep their order under ${WORKERS} workers, with retries`, async context => {
  const random = seededRandom(SEED)
  const plans = KEYS.map(() => Array.from({ length: MESSAGES_EACH }, () => randomPlan(random)))
  const accepted: number[][] = KEYS.map(() => [])
  const expected = plans.map(plan => plan.flatMap((responses, number) => (responses.includes(200) ? [number] : [])))
  const outOfOrder: string[] = []
  const held: (() => void)[] = []
  let together = false

  const respond = (response: ServerResponse, key: number, number: number) => {
    const next = plans[key]?.[number]?.shift()
    if (next === 200) accepted[key]?.push(number)
    if (next === 'reset' || next === undefined) response.destroy()
    else response.writeHead(next).end('{"ok":true}')
  }
  const { url, createEngine } = await setUp(context, (path, body, response) => {
    if (path === '/known') return response.end()
    const [key, number] = JSON.parse(body) as [number, number]
    const isEarlierLeft = plans[key]?.slice(0, number).some(left => left.length > 0)
    if (isEarlierLeft || plans[key]?.[number]?.length === 0) outOfOrder.push(`${KEYS[key]} ${number}`)
    // Nobody gets a response before all workers have all of their slots in use, so none of them can do it alone.
    if (together) return respond(response, key, number)
    held.push(() => respond(response, key, number))
    together = held.length === WORKERS * SLOTS_EACH
    if (together) for (const release of held) release()
  })
  const concurrency = { total: SLOTS_EACH }
  const options = { concurrency, retryDelaysSeconds: Array.from({ length: 10 }, () => 0) }
  const engines = Array.from({ length: WORKERS }, () => createEngine(options))
  // The first attempt to a new origin goes alone.
  await engines[0]?.send(message(`${url}/known`, []))
  await engines[0]?.deliverDue()
  const allSettled = Promise.withResolvers<void>()
  const settledBy = new Map<DeliveryEngine, number>()
  let left = KEYS.length * MESSAGES_EACH
  for (const engine of engines)
    engine.on('delivery.settled', () => {
      settledBy.set(engine, (settledBy.get(engine) ?? 0) + 1)
      if (--left === 0) allSettled.resolve()
    })

  const store = async (from: number, to: number) => {
    for (let number = from; number < to; number++)
      for (const [key, name] of KEYS.entries())
        await engines[(key + number) % WORKERS]?.send(message(`${url}/${name.split('/')[1]}`, [key, number], name))
  }
  await store(0, MESSAGES_EACH / 2)
  for (const engine of engines) await engine.start()
  await store(MESSAGES_EACH / 2, MESSAGES_EACH)
  await soon(allSettled.promise)

  assert.deepEqual(outOfOrder, [])
  assert.deepEqual(accepted, expected)
  context.diagnostic(`settled by each worker: ${[...settledBy.values()].join(', ')}`)
})
