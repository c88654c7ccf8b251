import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

/** A worker in a process of its own, which prints what happens; with "stop" it stops itself before it sends. */
const program = `
  const [folder, behaviour] = process.argv.slice(1)
  const { readFileSync } = await import('node:fs')
  const { createDelivery } = await import(${JSON.stringify(new URL('../delivery/create-delivery.ts', import.meta.url))})
  const { sqliteStore } = await import(${JSON.stringify(new URL('./sqlite/sqlite-store.ts', import.meta.url))})
  const { systemClock } = await import(${JSON.stringify(new URL('../clock.ts', import.meta.url))})
  const say = message => console.log(message)
  const engine = createDelivery({
    store: sqliteStore({ path: folder + '/d.sqlite' }),
    signing: { masterSecret: 'm'.repeat(32) },
    destinations: { allow: ['127.0.0.1'] },
    clock: { ...systemClock, now: () => Date.now() + Number(readFileSync(folder + '/offset', 'utf8')) },
    log: { debug: say, info: say, warn: say, error: say },
  })
  engine.on('attempt.started', () => {
    say('attempt.started')
    if (behaviour === 'stop') process.kill(process.pid, 'SIGSTOP')
  })
  engine.on('delivery.settled', ({ state }) => say(state))
  await engine.start()
  say('started')
  setInterval(() => {}, 1_000)`

/** A receiver, a store that is shared with a worker process, and time that the test can move for both. */
async function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  const offset = join(folder, 'offset')
  writeFileSync(offset, '0')
  let received = 0
  const server = createServer((_, response) => {
    received++
    response.end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const engine = createDelivery({
    store: sqliteStore({ path: join(folder, 'd.sqlite') }),
    signing: { masterSecret: 'm'.repeat(32) },
    destinations: { allow: ['127.0.0.1'] },
    worker: false,
    clock: { ...systemClock, now: () => Date.now() + Number(readFileSync(offset, 'utf8')) },
  })
  const children: ChildProcess[] = []
  t.after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await engine.close({ graceMs: 0 })
    server.close()
    rmSync(folder, { recursive: true })
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    engine,
    received: () => received,
    send: () =>
      engine.send({ operation: 'o', callback: 'c', method: 'POST', url, destination: url, body: Buffer.from('{}') }),
    pass: (ms: number) => writeFileSync(offset, String(ms)),
    work(behaviour: 'stop' | 'go') {
      const worker = startWorker(folder, behaviour)
      children.push(worker.child)
      return worker
    },
  }
}

function startWorker(folder: string, behaviour: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, folder, behaviour], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', chunk => {
    printed += chunk
  })
  return {
    child,
    async says(message: string) {
      while (!printed.includes(message)) await once(child.stdout, 'data')
    },
  }
}

test('a worker delivers what another process stored', async t => {
  const { engine, received, send, work } = await setUp(t)
  const worker = work('go')
  await worker.says('started')
  const { id } = await send()
  await worker.says('delivered')
  assert.equal(received(), 1)
  assert.equal((await engine.deliveries.get(id))?.state, 'delivered')
})

test('a delivery whose worker was killed is taken over when its lease has passed', async t => {
  const { engine, received, send, work, pass } = await setUp(t)
  const { id } = await send()
  const worker = work('stop')
  await worker.says('attempt.started')
  worker.child.kill('SIGKILL')
  await engine.deliverDue()
  assert.equal(received(), 0)
  pass(25_000)
  await engine.deliverDue()
  assert.equal(received(), 1)
  const outcomes = (await engine.deliveries.get(id))?.attempts.map(({ outcome }) => outcome)
  assert.deepEqual(outcomes, ['abandoned', 'accepted'])
})

test('a delivery whose workers are killed again and again is sent all the same, later each time', async t => {
  const { engine, received, send, work, pass } = await setUp(t)
  const { id } = await send()
  let passed = 0
  for (const waitMs of [0, 10_000, 60_000]) {
    const worker = work('stop')
    await worker.says('attempt.started')
    worker.child.kill('SIGKILL')
    passed += 25_000
    pass(passed)
    if (waitMs > 0) await engine.deliverDue()
    passed += waitMs
    pass(passed)
  }
  assert.equal(received(), 0)
  await engine.deliverDue()
  assert.equal(received(), 1)
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.attemptCount, delivery?.reason], ['delivered', 4, undefined])
})

test('a worker that was stopped beyond its lease sends nothing and records nothing when it goes on', async t => {
  const { engine, received, send, work, pass } = await setUp(t)
  const { id } = await send()
  const worker = work('stop')
  await worker.says('attempt.started')
  pass(25_000)
  await engine.deliverDue()
  worker.child.kill('SIGCONT')
  await worker.says('was not recorded')
  assert.equal(received(), 1)
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.attemptCount], ['delivered', 2])
})
