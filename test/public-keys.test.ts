import assert from 'node:assert/strict'
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { after, before, it } from 'node:test'
import { callback, Ringback } from 'ringback'
import { memoryStore } from 'ringback/delivery'
import { z } from 'zod'
import { type ReceivedRequest, Receiver } from './support/receiver.ts'

const KEYS_PATH = '/.well-known/jwks.json'
const OLD_SECRET = 'the master secret that was used before'
const NEW_SECRET = 'the master secret that is used from now on'

const receiver = new Receiver()
before(() => receiver.start())
after(() => receiver.stop())

function createApp(masterSecret: string | readonly string[]) {
  const delivery = { store: memoryStore(), signing: { masterSecret }, destinations: { allow: ['127.0.0.1'] } }
  const app = new Ringback({ title: 'Payments', version: '1.0.0', delivery })
  const paid = callback.post('{$callback_url}/paid', { body: z.object({ paid: z.boolean() }) })
  app.post('/pay', { query: z.object({ callback_url: z.url() }), callbacks: { paid } }, async ({ callbacks }) => {
    await callbacks.paid.send({ paid: true })
  })
  return app
}

/** Makes an application deliver once. Gives the received request and the keys that were published at that time. */
async function deliverOnce(masterSecret: string | readonly string[]) {
  const app = createApp(masterSecret)
  await app.start()
  const count = receiver.received.length
  await app.fetch(new Request(`http://localhost/pay?callback_url=${receiver.url}`, { method: 'POST' }))
  await receiver.until(() => receiver.received.length > count)
  const { keys } = await publishedKeys(app)
  await app.close()
  const request = receiver.received[count]
  assert.ok(request)
  return { request, keys }
}

async function publishedKeys(app: Ringback): Promise<{ keys: JsonWebKey[] }> {
  const response = await app.fetch(new Request(`http://localhost${KEYS_PATH}`))
  assert.equal(response.status, 200)
  return (await response.json()) as { keys: JsonWebKey[] }
}

/** Which `v1a` signatures of a request a key verifies, without Ringback. */
function verifiedBy(key: JsonWebKey, { headers, body }: ReceivedRequest): string[] {
  const content = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body])
  const publicKey = createPublicKey({ format: 'jwk', key })
  return signaturesOf({ headers }).filter(text => verify(null, content, publicKey, Buffer.from(text, 'base64')))
}

const signaturesOf = ({ headers }: Pick<ReceivedRequest, 'headers'>) =>
  String(headers['webhook-signature'])
    .split(' ')
    .filter(signature => signature.startsWith('v1a,'))
    .map(signature => signature.slice('v1a,'.length))

it('The published key set alone verifies the v1a signature of a delivery', async () => {
  const { request, keys } = await deliverOnce(OLD_SECRET)
  assert.equal(keys.length, 1)
  assert.deepEqual(verifiedBy(keys[0]!, request), signaturesOf(request))
  const changed = { ...request, body: Buffer.from('{"paid":false}') }
  assert.deepEqual(verifiedBy(keys[0]!, changed), [])
})

it('The published key set holds the new and the old key while a master secret is rotated, and both sign', async () => {
  const before = await deliverOnce(OLD_SECRET)
  const during = await deliverOnce([NEW_SECRET, OLD_SECRET])
  const [newKey, oldKey] = during.keys
  assert.ok(newKey && oldKey)
  assert.deepEqual([oldKey], before.keys)
  assert.notEqual(newKey['x'], oldKey['x'])
  const signatures = signaturesOf(during.request)
  assert.equal(signatures.length, 2)
  assert.deepEqual([...verifiedBy(newKey, during.request), ...verifiedBy(oldKey, during.request)], signatures)
  assert.equal(verifiedBy(oldKey, before.request).length, 1)
})

it('The published key set may be cached for five minutes and read from any page', async () => {
  const app = createApp(OLD_SECRET)
  const { headers } = await app.fetch(new Request(`http://localhost${KEYS_PATH}`))
  assert.equal(headers.get('cache-control'), 'public, max-age=300')
  assert.equal(headers.get('access-control-allow-origin'), '*')
  assert.equal(headers.get('content-type'), 'application/jwk-set+json')
  assert.equal(app.openapi().paths?.[KEYS_PATH], undefined, 'it is no operation of the document')
})

it('The published key set does not exist in an application without callbacks', async () => {
  const app = new Ringback({ title: 'Plain', version: '1.0.0' })
  app.get('/health', {}, () => {})
  assert.equal((await app.fetch(new Request(`http://localhost${KEYS_PATH}`))).status, 404)
})
