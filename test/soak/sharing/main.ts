// npm run soak:sharing -- [--seed 7]
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { startPostgres } from '../../support/postgres-server.ts'
import { Receiver } from '../../support/receiver.ts'
import { seededRandom } from '../seeded-random.ts'

/**
 * Eight processes send from one PostgreSQL to a receiver that fails three times in ten: what has an ordering key must arrive
 * in its order, and what ten processes store at once under one idempotency key must be one delivery.
 */
const { values } = parseArgs({ options: { seed: { type: 'string' } } })
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
const masterSecret = 'a master secret for soaks only, 32 characters or more'
const WORKERS = 8
const ORDERING = { keys: 20, each: 30 }
const SENDERS = 10
const IDEMPOTENCY_KEYS = 50
const FAILING = 0.3

console.log(`seed ${seed}`)
const random = seededRandom(seed)
const statuses: number[] = []
const server = await startPostgres()
const receiver = new Receiver(response => {
  const status = random() < FAILING ? 500 : 200
  statuses.push(status)
  response.writeHead(status).end('{"ok":true}')
})
await receiver.start()
const begun = performance.now()
const workers = await Promise.all(Array.from({ length: WORKERS }, () => started('worker.ts')))
const violations = [...(await ordering()), ...(await idempotency())]
for (const worker of workers) worker.send('end')
await Promise.all(workers.map(worker => once(worker, 'exit')))
await receiver.stop()
await server.stop()
console.log(`requests       ${statuses.length}, of which ${statuses.filter(status => status === 500).length} failed`)
console.log(`seconds        ${((performance.now() - begun) / 1_000).toFixed(1)}`)
console.log(`violations     ${violations.length}`)
for (const violation of violations.slice(0, 50)) console.log(violation)
if (violations.length > 0) process.exitCode = 1

async function ordering(): Promise<string[]> {
  const store = postgresStore({ connectionString: server.connectionString, wake: 'listen' })
  const retryDelaysSeconds = Array.from({ length: 30 }, () => 0.05)
  const destinations = { allow: ['127.0.0.0/8'] }
  const delivery = createDelivery({ store, signing: { masterSecret }, destinations, retryDelaysSeconds, worker: false })
  for (let at = 0; at < ORDERING.each; at++)
    for (let key = 0; key < ORDERING.keys; key++) {
      const url = `${receiver.url}/ordered/${key}/${at}`
      const destination = `${receiver.url}/ordered/${key % 4}`
      const request = { operation: 'o', callback: 'c', method: 'POST', url, destination } as const
      await delivery.send({ ...request, orderingKey: `key${key}` })
    }
  const all = ORDERING.keys * ORDERING.each
  await receiver.until(() => accepted('/ordered/').length >= all)
  await delivery.close()
  const done = new Map<string, number>()
  const found: string[] = []
  for (const [index, { url }] of receiver.received.entries()) {
    const [, what, key = '', at] = url.split('/')
    if (what !== 'ordered') continue
    const next = done.get(key) ?? 0
    if (Number(at) !== next) found.push(`${url} came when ${next} was to come`)
    if (statuses[index] === 200) done.set(key, next + 1)
  }
  console.log(
    `ordering       ${all} deliveries of ${ORDERING.keys} keys by ${WORKERS} workers, ${found.length} out of order`,
  )
  return found
}

async function idempotency(): Promise<string[]> {
  const args = [receiver.url, String(IDEMPOTENCY_KEYS)]
  const senders = await Promise.all(Array.from({ length: SENDERS }, () => started('sender.ts', args)))
  const told = senders.map(sender => once(sender, 'message'))
  for (const sender of senders) sender.send('go')
  const ids = (await Promise.all(told)).map(([message]) => (message as { ids: string[] }).ids)
  await receiver.until(() => accepted('/once/').length >= IDEMPOTENCY_KEYS)
  const found: string[] = []
  for (let key = 0; key < IDEMPOTENCY_KEYS; key++) {
    const given = new Set(ids.map(each => each[key]))
    if (given.size !== 1) found.push(`key ${key} is ${given.size} deliveries`)
    const arrived = accepted(`/once/${key}`).length
    if (arrived !== 1) found.push(`key ${key} was accepted ${arrived} times`)
  }
  const sends = SENDERS * IDEMPOTENCY_KEYS
  console.log(
    `idempotency    ${sends} sends by ${SENDERS} processes with ${IDEMPOTENCY_KEYS} keys, ${found.length} not one delivery`,
  )
  return found
}

/** What was accepted of a path, or of all below one that ends with a slash. */
function accepted(path: string) {
  return receiver.received.filter(
    ({ url }, index) => statuses[index] === 200 && (path.endsWith('/') ? url.startsWith(path) : url === path),
  )
}

async function started(program: string, args: readonly string[] = []): Promise<ChildProcess> {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = fork(file, [server.connectionString, masterSecret, ...args])
  await once(child, 'message')
  return child
}
