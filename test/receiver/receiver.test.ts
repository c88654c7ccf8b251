import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import express from 'express'
import { callback, Ringback } from 'ringback'
import { createDelivery, memoryStore } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { memoryDedupe, receive, toNodeHandler } from 'ringback/receiver'
import { generateSecret } from 'ringback/signature'
import { z } from 'zod'
import { invoiceCallbacks } from '../../examples/invoices.ts'
import { createReceiver } from '../../examples/receiver.ts'
import { RecordingLog } from '../support/recording-log.ts'
import { signedRequest } from '../support/signed-request.ts'

const closing: (() => unknown)[] = []
after(async () => {
  for (const close of closing.reverse()) await close()
})

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The invoice application with one more operation, whose callback has a callback of its own. */
async function startSender() {
  const delivery = { store: memoryStore(), signing: { masterSecret: generateSecret() }, retryDelaysSeconds: [0, 0.01] }
  const app = new Ringback({ title: 'Invoices', version: '1.0.0', delivery, log: new RecordingLog() })
  const query = z.object({ callback_url: z.url().optional() })
  app.post(
    '/invoices/',
    { query, body: z.object({ id: z.string() }), callbacks: invoiceCallbacks },
    async ({ callbacks }) => {
      await callbacks.invoiceNotification?.send({ description: 'Payment celebration', paid: true })
    },
  )
  app.post('/offers', { query, callbacks: { offered } }, async ({ callbacks }) => {
    await callbacks.offered?.send({ offer: 7, ...(confirmUrl !== '' && { confirm_url: confirmUrl }) })
  })
  const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
  closing.push(() => server.close())
  const settled = () =>
    new Promise<string>(resolve => {
      const stop = app.on('delivery.settled', ({ state }) => {
        stop()
        resolve(state)
      })
    })
  return { url: server.url, settled }
}

let confirmUrl = ''
const offered = callback.post('{$callback_url}/offers', {
  body: z.object({ offer: z.number(), confirm_url: z.url().optional() }),
  callbacks: {
    confirmed: callback.post('{$request.body.confirm_url}/confirmed', { body: z.object({ offer: z.number() }) }),
  },
})

describe('A receiver', async () => {
  const sender = await startSender()
  const keysUrl = `${sender.url}/.well-known/jwks.json`
  const post = (path: string, callbackUrl: string, body?: object) =>
    fetch(`${sender.url}${path}?callback_url=${encodeURIComponent(callbackUrl)}`, {
      method: 'POST',
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })

  it('takes what an application delivers, by its public keys, in Express as well', async t => {
    const told = t.mock.method(console, 'log', () => {})
    const folder = await mkdtemp(join(tmpdir(), 'ringback-receiver-'))
    t.after(() => rm(folder, { recursive: true }))
    const make = (audience: string) =>
      toNodeHandler(createReceiver(sender.url, audience, join(folder, 'received.sqlite')))
    const app = express()
    const url = await listen(app)
    app.use('/events', (incoming, outgoing) => make(`${url}/events`)(incoming, outgoing))
    app.use(express.json())
    let handler: RequestListener = () => {}
    const plain = await listen((incoming, outgoing) => handler(incoming, outgoing))
    handler = make(`${plain}/hooks`)
    for (const [base, id] of [
      [`${plain}/hooks`, '2expen51ve'],
      [`${url}/events`, 'a/b'],
    ] as const) {
      const settled = sender.settled()
      await post('/invoices/', base, { id })
      assert.equal(await settled, 'delivered')
    }
    assert.deepEqual(
      told.mock.calls.map(({ arguments: [text] }) => text),
      ['Invoice 2expen51ve: Payment celebration, paid', 'Invoice a/b: Payment celebration, paid'],
    )
  })

  it('takes the bytes that express.raw() has kept, and says in the log that express.json() has taken them', async t => {
    const secret = generateSecret()
    const options = { secrets: [secret], dedupe: memoryDedupe() }
    const handler = toNodeHandler(
      receive(callback.post('{$u}', { body: z.object({ a: z.number() }) }), options, () => {}),
    )
    const app = express()
    app.use('/raw', express.raw({ type: '*/*' }), handler)
    app.use('/json', express.json(), handler)
    const url = await listen(app)
    const told = t.mock.method(console, 'error', () => {})
    const send = (path: string) =>
      fetch(
        signedRequest(url + path, { body: '{"a": 1 }', timestamp: Math.floor(Date.now() / 1_000), secrets: [secret] }),
      )
    assert.equal((await send('/raw')).status, 204)
    assert.equal((await send('/json')).status, 500)
    assert.match(String(told.mock.calls[0]?.arguments[0]), /express\.json\(\)/)
  })

  it('reads away what it refuses, so that the connection goes on', async () => {
    const options = { secrets: [generateSecret()], dedupe: memoryDedupe() }
    const url = await listen(toNodeHandler(receive(callback.post('{$u}/a', {}), options, () => {})))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    closing.push(() => agent.destroy())
    const send = async (path: string, size: number) => {
      const outgoing = request(url + path, { method: 'POST', agent })
      outgoing.end(Buffer.alloc(size))
      const [response] = await once(outgoing, 'response')
      await once(response.resume(), 'end')
      return [response.statusCode, outgoing.reusedSocket]
    }
    assert.deepEqual(await send('/a', 10), [401, false])
    for (const [path, size, status] of [
      ['/other', 3_000_000, 404],
      ['/a', 3_000_000, 413],
      ['/a', 10, 401],
    ] as const)
      assert.deepEqual(await send(path, size), [status, true])
  })

  it('sends the callbacks of the callback when its handler has returned', async () => {
    const delivery = createDelivery({
      store: memoryStore(),
      signing: { masterSecret: generateSecret() },
      destinations: { allow: ['127.0.0.1'] },
    })
    await delivery.start()
    closing.push(() => delivery.close())
    const confirmed = Promise.withResolvers<number>()
    const inner = callback.post('{$u}/confirmed', { body: z.object({ offer: z.number() }) })
    const options = { publicKeys: delivery.publicKeys, dedupe: memoryDedupe() }
    confirmUrl = await listen(toNodeHandler(receive(inner, options, ({ body }) => confirmed.resolve(body.offer))))
    const seen: unknown[] = []
    const make = (given: object) =>
      receive(
        offered,
        { keysUrl, dedupe: memoryDedupe(), log: new RecordingLog(), ...given },
        async ({ body, callbacks, respond }) => {
          seen.push(callbacks.confirmed?.url)
          await callbacks.confirmed?.send({ offer: body.offer }).catch(error => seen.push(error.message))
          return respond(204)
        },
      )
    const settled = sender.settled()
    await post('/offers', await listen(toNodeHandler(make({ delivery }))))
    assert.equal(await settled, 'delivered')
    assert.equal(await confirmed.promise, 7)
    const without = sender.settled()
    await post('/offers', await listen(toNodeHandler(make({}))))
    assert.equal(await without, 'delivered')
    confirmUrl = ''
    const absent = sender.settled()
    await post('/offers', await listen(toNodeHandler(make({ delivery }))))
    assert.equal(await absent, 'delivered')
    assert.equal(seen.length, 4)
    assert.equal(seen[0], seen[1])
    assert.match(String(seen[2]), /This receiver cannot send callbacks/)
    assert.equal(seen[3], undefined)

    // An address that the guard refuses is a 422, so the handler never sees it
    confirmUrl = 'http://10.0.0.7'
    const refused = sender.settled()
    await post('/offers', await listen(toNodeHandler(make({ delivery }))))
    assert.equal(await refused, 'failed')
    assert.equal(seen.length, 4)
  })
})
