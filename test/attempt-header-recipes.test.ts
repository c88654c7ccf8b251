import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { allowInsecureRequests, ClientSecretBasic } from 'oauth4webapi'
import type { AttemptHeaders, DeliveryOptions } from 'ringback/delivery'
import { createDelivery, memoryStore } from 'ringback/delivery'
import { ManualClock } from 'ringback/testing'
import { Receiver } from './support/receiver.ts'
import { RecordingLog } from './support/recording-log.ts'

const root = join(import.meta.dirname, '..')

/** The module of an example in docs/delivery.md, by the name on its first line; inside of the package, as `ringback` is it. */
async function recipe(t: TestContext, name: string) {
  const page = readFileSync(join(root, 'docs/delivery.md'), 'utf8')
  const code = page.split('```').find(part => part.startsWith(`ts\n// ${name}\n`))
  assert.ok(code, `docs/delivery.md has ${name}`)
  mkdirSync(join(root, 'dist-test'), { recursive: true })
  const folder = mkdtempSync(join(root, 'dist-test/recipe-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), code.slice('ts\n'.length))
  return import(pathToFileURL(join(folder, name)).href)
}

async function started(t: TestContext, ...[respond]: ConstructorParameters<typeof Receiver>) {
  const receiver = new Receiver(respond)
  await receiver.start()
  t.after(() => receiver.stop())
  return receiver
}

function engineWith(t: TestContext, options: Partial<DeliveryOptions>) {
  const clock = new ManualClock()
  const engine = createDelivery({
    ...{ store: memoryStore(), signing: { masterSecret: 'm'.repeat(32) }, destinations: { allow: ['127.0.0.1'] } },
    ...{ clock, random: () => 0, log: new RecordingLog(), ...options },
  })
  t.after(() => engine.close({ graceMs: 0 }))
  return { clock, engine }
}

const message = (url: string) => {
  const names = { operation: 'createInvoice', callback: 'paid', method: 'POST', recipient: 'tenant 1' }
  return { ...names, url, destination: url, body: Buffer.from('{"paid":true}') }
}

/** An authorization server on a real socket, and a receiver that takes the newest of its tokens. */
async function setUp(t: TestContext) {
  const state = { granted: 0, isAway: false, expiresIn: 3_600, accepted: (number: number) => number > 0 }
  const authorizationServer = await started(t, response => {
    response.setHeader('content-type', 'application/json')
    if (state.isAway) response.writeHead(503).end('{}')
    else
      response.end(
        JSON.stringify({ access_token: `t${++state.granted}`, token_type: 'bearer', expires_in: state.expiresIn }),
      )
  })
  const receiver = await started(t, response => {
    const [, number = '0'] = /^Bearer t(\d+)$/.exec(response.req.headers.authorization ?? '') ?? []
    response.writeHead(state.accepted(Number(number)) ? 204 : 401).end()
  })
  const { clientCredentials } = await recipe(t, 'bearer.ts')
  const attemptHeaders: AttemptHeaders = clientCredentials({
    server: { issuer: authorizationServer.url, token_endpoint: `${authorizationServer.url}/token` },
    client: { client_id: 'shop' },
    auth: ClientSecretBasic('the client secret'),
    options: { [allowInsecureRequests]: true },
  })
  return { state, authorizationServer, receiver, ...engineWith(t, { attemptHeaders }) }
}

test('a token of the recipe serves all attempts, and is renewed after a 401 and before it expires', async t => {
  const { state, engine, clock, receiver, authorizationServer } = await setUp(t)
  const deliver = async () => {
    await engine.deliverDue()
    return (await engine.deliveries.counts()).delivered
  }
  for (let count = 0; count < 20; count++) await engine.send(message(`${receiver.url}/hooks`))
  assert.equal(await deliver(), 20)
  assert.equal(state.granted, 1)
  assert.match(authorizationServer.received[0]?.body.toString() ?? '', /grant_type=client_credentials/)
  state.accepted = number => number > 1
  for (let count = 0; count < 5; count++) await engine.send(message(`${receiver.url}/hooks`))
  assert.equal(await deliver(), 20)
  clock.advance({ minutes: 2 })
  assert.equal(await deliver(), 25)
  assert.equal(state.granted, 2)
  clock.advance({ seconds: 3_560 })
  await engine.send(message(`${receiver.url}/hooks`))
  assert.equal(await deliver(), 26)
  assert.equal(state.granted, 2)
  clock.advance({ seconds: 20 })
  assert.equal((await engine.call(message(`${receiver.url}/hooks`))).status, 204)
  assert.equal(state.granted, 3)
})

test('while the authorization server is away nothing is sent, and no wait is used up', async t => {
  const { state, engine, clock, receiver } = await setUp(t)
  state.isAway = true
  const { id } = await engine.send({ ...message(`${receiver.url}/hooks`), retryDelaysSeconds: [0] })
  for (let minute = 0; minute < 5; minute++) {
    await engine.deliverDue()
    clock.advance({ minutes: 1 })
  }
  await assert.rejects(engine.call(message(`${receiver.url}/hooks`)), { code: 'ERR_ATTEMPT_HEADERS' })
  assert.equal(receiver.received.length, 0)
  state.isAway = false
  clock.advance({ minutes: 5 })
  await engine.deliverDue()
  const delivery = await engine.deliveries.get(id)
  assert.equal(delivery?.state, 'delivered')
  assert.doesNotMatch(JSON.stringify(delivery), /Bearer|client secret/)
})

test('a receiver verifies the second signature of the recipe as it did before', async t => {
  const receiver = await started(t)
  const { secondSignature } = await recipe(t, 'second-signature.ts')
  const { engine } = engineWith(t, { attemptHeaders: secondSignature((recipient: string) => `secret of ${recipient}`) })
  await engine.send(message(`${receiver.url}/hooks`))
  await engine.send({ ...message(`${receiver.url}/hooks`), body: Buffer.from([0, 255, 13, 10]) })
  await engine.send({ ...message(`${receiver.url}/hooks`), method: 'DELETE', body: undefined })
  await engine.deliverDue()
  assert.equal(receiver.received.length, 3)
  for (const { body, headers } of receiver.received) {
    const mac = createHmac('sha256', 'secret of tenant 1').update(body).digest('hex')
    assert.equal(headers['x-hub-signature-256'], `sha256=${mac}`)
    assert.match(String(headers['webhook-signature']), /^v1,/)
  }
})
