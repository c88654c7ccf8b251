import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { callback } from '../operation/callback-definition.ts'
import { loopId } from '../signature/master-secret.ts'
import { memoryStore } from '../store/memory-store.ts'
import { serve } from './serve.ts'

const query = z.object({ callback_url: z.url() })
const again = callback.post('{$callback_url}', {})

/** An application that sends a callback for each request, and counts them. */
async function looping(t: TestContext, masterSecret: string) {
  const app = new Ringback({
    title: 'Loops',
    version: '1.0.0',
    log: new RecordingLog(),
    delivery: {
      store: memoryStore(),
      signing: { masterSecret },
      destinations: { allow: ['127.0.0.0/8'] },
      retryDelaysSeconds: [0],
    },
  })
  const asked: string[] = []
  app.post('/x', { query, callbacks: { again } }, async ({ callbacks, query }) => {
    asked.push(query.callback_url)
    await callbacks.again.send()
  })
  const settled = Promise.withResolvers<unknown>()
  app.on('delivery.settled', ({ status }) => settled.resolve(status))
  const server = await serve(app, { port: 0, signals: false, graceMs: 0 })
  t.after(() => server.close())
  return { port: server.port, asked, settled: settled.promise }
}

const inQuery = (url: string) => `?callback_url=${encodeURIComponent(url)}`
const to = (port: number, query: string) => `http://127.0.0.1:${port}/x${query}`

for (const way of ['straight', 'by way of another process with its master secret'])
  test(`a callback that comes back to its application ${way} ends at once`, async t => {
    const first = await looping(t, 'a master secret that two share')
    const next = way === 'straight' ? first : await looping(t, 'a master secret that two share')
    const target = to(next.port, inQuery(to(first.port, inQuery('https://hooks.external.org'))))
    assert.equal((await fetch(to(first.port, inQuery(target)), { method: 'POST' })).status, 204)
    assert.equal(await first.settled, 508)
    assert.deepEqual(first.asked, [target])
    assert.equal(next.asked.length, next === first ? 1 : 0)
  })

test('a callback to another application is taken there', async t => {
  const first = await looping(t, 'a master secret of its own')
  const second = await looping(t, 'the master secret of another')
  const target = to(second.port, inQuery('https://192.0.2.1/'))
  await fetch(to(first.port, inQuery(target)), { method: 'POST' })
  assert.equal(await first.settled, 422)
})

test('the header is found on any of its lines', async t => {
  const secret = 'a master secret of many lines'
  const { port, asked } = await looping(t, secret)
  await using connection = await RawConnection.open(port)
  const lines = ['Host: a', 'CDN-Loop: one', `Cdn-Loop: two, Ringback;ID="${loopId(secret)}"`, 'cdn-loop: three']
  connection.write(`POST /x${inQuery('https://hooks.external.org')} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  assert.equal((await connection.response('POST'))?.status, 508)
  assert.deepEqual(asked, [])
})
