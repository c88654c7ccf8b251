import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { destinationHash } from './destination-hash.ts'
import { generateKeyPair, generateSecret } from './generate.ts'
import { publicKeySet } from './public-key-set.ts'
import { sign } from './sign.ts'
import { SignatureError, type SignatureErrorReason } from './signature-error.ts'
import { SigningKeyError } from './signing-key-error.ts'
import vectors from './standard-webhooks.test.json' with { type: 'json' }
import { type VerifyOptions, verify } from './verify.ts'

const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const timestamp = 1614265330
const now = timestamp * 1000
const body = '{"test": 2432232314}'
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const right = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

function headersOf(signature: string, changed: Record<string, string> = {}): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature, ...changed }
}

function refuses(reason: SignatureErrorReason, headers: Record<string, string>, options: VerifyOptions = {}): void {
  assert.throws(
    () => verify({ headers, body }, { secrets: [secret], now, ...options }),
    (error: unknown) => {
      assert.ok(error instanceof SignatureError)
      assert.equal(error.code, 'ERR_SIGNATURE')
      assert.equal(error.reason, reason)
      return true
    },
  )
}

for (const { version, source, expected, payload, secret, publicKey, ...message } of vectors.vectors) {
  test(`verify accepts the published ${version} signature of ${source}`, () => {
    const headers = headersOf(expected, { 'webhook-id': message.id, 'webhook-timestamp': String(message.timestamp) })
    const keys = {
      secrets: secret === undefined ? [] : [secret],
      publicKeys: publicKey === undefined ? [] : [publicKey],
    }
    const verified = verify({ headers, body: payload }, { ...keys, now: message.timestamp * 1000 })
    assert.deepEqual(verified, { id: message.id, timestamp: message.timestamp })
  })
}

test('verify refuses a request without one of the three headers', () => {
  for (const missing of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    const { [missing]: _, ...others } = headersOf(right)
    refuses('missing-header', others)
    refuses('missing-header', headersOf(right, { [missing]: '' }))
  }
})

test('verify refuses a timestamp that is no whole number of seconds', () => {
  for (const wrong of ['hello', '1614265330.0', '1614265330x', '-1', '+1614265330', '01614265330', ' ', '1e9', '٣'])
    refuses('invalid-timestamp', headersOf(right, { 'webhook-timestamp': wrong }))
})

test('verify refuses an id with a dot, which would make two messages one', () => {
  const signature = sign({ id: 'a', timestamp, body: `${timestamp}.x`, secrets: [secret] })
  verify({ headers: headersOf(signature, { 'webhook-id': 'a' }), body: `${timestamp}.x` }, { secrets: [secret], now })
  refuses('invalid-id', headersOf(signature, { 'webhook-id': `a.${timestamp}` }))
})

test('verify allows 300 seconds in either direction, or the tolerance it is given', () => {
  const request = { headers: headersOf(right), body }
  const at = (seconds: number, toleranceSeconds?: number): VerifyOptions => ({
    secrets: [secret],
    now: now + seconds * 1000,
    toleranceSeconds,
  })
  for (const options of [at(300), at(-300), at(10, 10), at(-10, 10), at(9e9, Number.POSITIVE_INFINITY)])
    verify(request, options)
  for (const options of [at(301), at(11, 10), at(0, Number.NaN)]) refuses('too-old', headersOf(right), options)
  for (const options of [at(-301), at(-11, 10)]) refuses('too-new', headersOf(right), options)
})

test('verify takes the time of the system by default', () => {
  const current = Math.floor(Date.now() / 1000)
  const signature = sign({ id, timestamp: current, body, secrets: [secret] })
  verify({ headers: headersOf(signature, { 'webhook-timestamp': String(current) }), body }, { secrets: [secret] })
  assert.throws(() => verify({ headers: headersOf(right), body }, { secrets: [secret] }), { reason: 'too-old' })
})

test('verify refuses a list without a right signature', () => {
  const mac = right.slice('v1,'.length)
  for (const wrong of [
    'v1,dawfeoifkpqwoekfpqoekf',
    'v1,',
    'v1',
    right.slice(0, 8),
    `v2,${mac}`,
    mac,
    `,${mac}`,
    `v1a,${mac}`,
    `V1,${mac}`,
    `v1,${mac},`,
  ])
    refuses('no-match', headersOf(wrong))
  refuses('no-match', headersOf(right), { secrets: [generateSecret()] })
})

test('verify finds the right signature wherever it stands in the list', () => {
  const wrong = vectors.positive[0]?.wrong ?? ''
  for (const list of [
    [wrong, wrong.replace('v1', 'v2'), right, wrong],
    [right, wrong],
    ['', 'v1a,AAAA', right],
  ])
    verify({ headers: headersOf(list.join(' ')), body }, { secrets: [secret], now })
})

test('verify refuses a list so long that it only costs time', () => {
  refuses('too-many-signatures', headersOf([...Array<string>(32).fill('v1a,AAAA'), right].join(' ')))
  verify(
    { headers: headersOf([...Array<string>(31).fill('v1a,AAAA'), right].join(' ')), body },
    { secrets: [secret], now },
  )
})

test('verify takes a secret with and without prefix and padding', () => {
  verify({ headers: headersOf(right), body }, { secrets: [secret.replace('whsec_', '')], now })
  for (const unpadded of ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS']) {
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS=', 'base64')
    const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    verify({ headers: headersOf(`v1,${mac}`), body }, { secrets: [unpadded], now })
  }
})

test('verify takes several keys while one is rotated, of both kinds', () => {
  const [former, current] = [generateKeyPair(), generateKeyPair()]
  const options = { secrets: [generateSecret(), secret], publicKeys: [current.publicKey, former.publicKey], now }
  const message = { id, timestamp, body }
  for (const keys of [
    { secrets: [secret] },
    { privateKeys: [former.privateKey] },
    { privateKeys: [current.privateKey] },
  ])
    verify({ headers: headersOf(sign({ ...message, ...keys })), body }, options)
  refuses('no-match', headersOf(sign({ ...message, privateKeys: [generateKeyPair().privateKey] })), options)
})

test('verify takes a public key as JSON Web Key', () => {
  const { privateKey, publicKey } = generateKeyPair()
  const headers = headersOf(sign({ id, timestamp, body, privateKeys: [privateKey] }))
  verify({ headers, body }, { publicKeys: publicKeySet([publicKey]).keys, now })
  const fetched = JSON.parse(JSON.stringify(publicKeySet([publicKey])))
  verify({ headers, body }, { publicKeys: fetched.keys, now })
})

test('verify accepts an empty body, which signs "{id}.{timestamp}."', () => {
  const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`${id}.${timestamp}.`)
    .digest('base64')
  for (const empty of ['', new Uint8Array()])
    assert.deepEqual(verify({ headers: headersOf(`v1,${mac}`), body: empty }, { secrets: [secret], now }), {
      id,
      timestamp,
    })
})

test('verify accepts what the npm package "standardwebhooks" signs', () => {
  const signature = new Webhook(secret).sign(id, new Date(now), body)
  assert.deepEqual(verify({ headers: headersOf(signature), body }, { secrets: [secret], now }), { id, timestamp })
})

test('verify reads web Headers and records with names in any case', () => {
  verify({ headers: new Headers(headersOf(right)), body }, { secrets: [secret], now })
  verify(
    { headers: { 'Webhook-Id': id, 'WEBHOOK-TIMESTAMP': [String(timestamp)], 'webhook-signature': right }, body },
    { secrets: [secret], now },
  )
})

test('verify takes a message for its audience only', () => {
  const destination = 'https://www.external.org/events?tenant=1'
  const addressed = `msg_1_${destinationHash(destination)}`
  const headers = headersOf(sign({ id: addressed, timestamp, body, secrets: [secret] }), { 'webhook-id': addressed })
  for (const audience of [destination, 'HTTPS://www.External.org:443/events?tenant=1', undefined])
    assert.equal(verify({ headers, body }, { secrets: [secret], now, audience }).id, addressed)
  for (const audience of ['https://other.example/', 'https://www.external.org/events', 'not a URL', ''])
    refuses('wrong-audience', headers, { audience })
  refuses('wrong-audience', headersOf(right), { audience: destination })
})

test('verify takes a message for its recipient only', () => {
  const audience = 'https://www.external.org/events'
  const addressed = `msg_1_${destinationHash(audience, 'B')}`
  const headers = headersOf(sign({ id: addressed, timestamp, body, secrets: [secret] }), { 'webhook-id': addressed })
  verify({ headers, body }, { secrets: [secret], now, audience, recipient: 'B' })
  for (const recipient of ['A', 'b', 'B ', '', undefined]) refuses('wrong-audience', headers, { audience, recipient })
  refuses('wrong-audience', headers, { audience: 'https://www.external.org/other', recipient: 'B' })
  const alone = () => verify({ headers, body }, { secrets: [secret], now, recipient: 'B' })
  assert.throws(alone, { name: 'TypeError', message: /give the base URL as well/ })
})

test('verify refuses keys that are none, whatever the request', () => {
  const refused: [options: VerifyOptions, words: RegExp][] = [
    [{}, /no key to verify with/],
    [{ secrets: [], publicKeys: [] }, /no key to verify with/],
    [{ secrets: [''] }, /secret is empty/],
    [{ secrets: ['whsec_'] }, /secret is empty/],
    [{ publicKeys: [generateKeyPair().privateKey] }, /public key is not/],
    [{ publicKeys: ['whpk_AAAA'] }, /public key is not/],
    [{ publicKeys: [{ kty: 'RSA' }] }, /not an Ed25519 one/],
    [{ publicKeys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }] }, /public key is not/],
  ]
  for (const [options, message] of refused)
    assert.throws(() => verify({ headers: {}, body: '' }, options), { name: SigningKeyError.name, message })
})

test('verify accepts whatever sign made, and refuses it with any byte of any part changed', () => {
  const { privateKey, publicKey } = generateKeyPair()
  const ways = [
    {
      signing: { secrets: [secret] },
      verifying: { secrets: [secret], now, toleranceSeconds: Number.POSITIVE_INFINITY },
    },
    {
      signing: { privateKeys: [privateKey] },
      verifying: { publicKeys: [publicKey], now, toleranceSeconds: Number.POSITIVE_INFINITY },
    },
  ]
  const change = fc.record({ place: fc.nat(), by: fc.integer({ min: 1, max: 255 }) })
  fc.assert(
    fc.property(fc.constantFrom(...ways), fc.uint8Array({ minLength: 1 }), change, (way, bytes, { place, by }) => {
      const flip = (whole: Uint8Array) =>
        whole.map((byte, index) => (index === place % whole.length ? byte ^ by : byte))
      const flipText = (text: string) => Buffer.from(flip(Buffer.from(text))).toString('latin1')
      const headers = headersOf(sign({ id, timestamp, body: bytes, ...way.signing }))
      verify({ headers, body: bytes }, way.verifying)
      assert.throws(() => verify({ headers, body: flip(bytes) }, way.verifying), { reason: 'no-match' })
      for (const [name, value] of Object.entries(headers)) {
        const changed = { ...headers, [name]: flipText(value) }
        assert.throws(() => verify({ headers: changed, body: bytes }, way.verifying), SignatureError, name)
      }
    }),
  )
})
