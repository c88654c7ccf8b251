import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { describe, it } from 'node:test'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { Ringback } from '../../app/ringback.ts'
import { createDelivery } from '../../delivery/create-delivery.ts'
import { ManualClock } from '../../manual-clock.ts'
import { memoryStore } from '../../store/memory-store.ts'
import { serve } from '../serve.ts'
import { Health } from './health.ts'

const signing = { masterSecret: 'm'.repeat(32) }

const asked = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init)
  return { status: response.status, body: await response.text(), headers: response.headers }
}

describe('the health of a served application', () => {
  it('is told on its port and on one of its own, whatever host is named', async () => {
    const app = new Ringback({ title: 'T', version: '1', log: new RecordingLog(), trustedHosts: ['api.example.com'] })
    const options = { port: 0, healthPort: 0, host: '127.0.0.1', health: true, signals: false } as const
    const { url, healthPort, close } = await serve(app, options)
    const own = `http://127.0.0.1:${healthPort}`
    for (const base of [url, own])
      for (const path of ['/healthz', '/healthz/live', '/healthz/ready?verbose']) {
        const { status, body, headers } = await asked(base + path)
        assert.deepEqual([status, body], [200, '{"status":"ok"}'])
        assert.equal(headers.get('cache-control'), 'no-store')
        assert.equal((await asked(base + path, { method: 'HEAD' })).status, 200)
        assert.equal((await asked(base + path, { method: 'POST', body: 'x' })).status, 405)
      }
    assert.equal((await asked(`${own}/other`)).status, 404)
    assert.equal((await asked(`${url}/other`)).status, 400)
    await close()
    await assert.rejects(fetch(own))
  })

  it('is not told where nobody asked for it', async () => {
    const app = new Ringback({ title: 'T', version: '1', log: new RecordingLog() })
    const { url, healthPort, close } = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
    assert.deepEqual([(await asked(`${url}/healthz`)).status, healthPort], [404, undefined])
    await close()
  })

  it('is that it lives and is not ready from the signal on, while a request still runs', async () => {
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const app = new Ringback({ title: 'T', version: '1', log: new RecordingLog() })
    app.get('/slow', {}, async () => {
      begun.resolve()
      await goOn.promise
    })
    const { url, healthPort, close } = await serve(app, { port: 0, healthPort: 0, host: '127.0.0.1', signals: false })
    const slow = fetch(`${url}/slow`)
    await begun.promise
    const closed = close()
    const own = `http://127.0.0.1:${healthPort}/healthz`
    const { status, body } = await asked(`${own}/ready`)
    assert.deepEqual([status, JSON.parse(body)], [503, { status: 'unavailable', reasons: ['It is closing'] }])
    assert.equal((await asked(`${own}/live`)).status, 200)
    goOn.resolve()
    assert.equal((await slow).status, 204)
    await closed
  })

  it('is that it is starting while it starts, and its port is closed where the start fails', async () => {
    const goOn = Promise.withResolvers<void>()
    const log = new RecordingLog()
    async function* lifespan() {
      await goOn.promise
      yield
    }
    const port = await freePort()
    const app = new Ringback({ title: 'T', version: '1', log, lifespan })
    const serving = serve(app, { port: 0, healthPort: port, host: '127.0.0.1', signals: false })
    while ((await asked(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)) === undefined);
    assert.match((await asked(`http://127.0.0.1:${port}/healthz`)).body, /It is starting/)
    goOn.reject(new Error('No'))
    await assert.rejects(serving, /No/)
    const socket = createConnection(port, '127.0.0.1')
    await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' })
  })

  it('refuses a port that is none', async () => {
    const app = new Ringback({ title: 'T', version: '1' })
    await assert.rejects(serve(app, { healthPort: 70_000 }), { message: /^"healthPort" is 70000/ })
    await assert.rejects(serve(app, { health: 'yes' as never }), { message: /^"health" is "yes"/ })
  })
})

describe('the health of a process', () => {
  it('is that it is not ready while the store does not answer, which is asked once a second', async () => {
    let answers: () => Promise<void> = async () => {}
    let asked = 0
    let now = 0
    const reach = () => {
      asked++
      return answers()
    }
    const health = new Health({ sends: true, delivery: { reach, workerLateMs: 0 } }, () => now)
    health.started()
    assert.deepEqual([await health.ready(), await health.ready(), asked], [[], [], 1])
    answers = () => Promise.reject(new Error('password'))
    assert.deepEqual(await health.ready(), [])
    now += 1_000
    assert.deepEqual(await health.ready(), ['The delivery store does not answer'])
    assert.deepEqual(health.alive(), [])
    answers = async () => {}
    now += 1_000
    assert.deepEqual(await health.ready(), [])
  })

  it('asks no store where nothing is sent', async () => {
    const reach = () => Promise.reject(new Error('never asked'))
    const health = new Health({ sends: false, delivery: { reach, workerLateMs: 0 } })
    health.started()
    assert.deepEqual(await health.ready(), [])
  })

  it('is that it is dead while its worker hangs', async () => {
    const clock = new ManualClock()
    let hangs = false
    const store = memoryStore()
    const claim: typeof store.claim = request => (hangs ? new Promise(() => {}) : store.claim(request))
    const delivery = createDelivery({ store: { ...store, claim }, signing, clock, log: new RecordingLog() })
    const app = {
      sends: true,
      delivery: {
        reach: async () => {},
        get workerLateMs() {
          return delivery.workerLateMs
        },
      },
    }
    const health = new Health(app)
    assert.equal(delivery.workerLateMs, 0)
    await delivery.start()
    for (let seconds = 0; seconds < 90; seconds++) {
      clock.advance({ seconds: 1 })
      while (delivery.workerLateMs > 0) await new Promise(resolve => setImmediate(resolve))
    }
    assert.deepEqual(health.alive(), [])
    hangs = true
    clock.advance({ seconds: 1 })
    await new Promise(resolve => setImmediate(resolve))
    clock.advance({ seconds: 59 })
    assert.deepEqual(health.alive(), [])
    clock.advance({ seconds: 3 })
    assert.deepEqual(health.alive(), ['The delivery worker hangs'])
    await delivery.close({ graceMs: 0 })
  })
})

async function freePort(): Promise<number> {
  const app = new Ringback({ title: 'T', version: '1', log: new RecordingLog() })
  const { port, close } = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
  await close()
  return port
}
