import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { generateKeyPair, generateSecret } from './generate.ts'
import { sign } from './sign.ts'
import { SignatureError } from './signature-error.ts'
import { SigningKeyError } from './signing-key-error.ts'
import vectors from './standard-webhooks.test.json' with { type: 'json' }

const id = 'msg_1'
const timestamp = 1614265330

for (const { version, source, expected, payload, secret, secretKey, ...message } of vectors.vectors) {
  test(`sign gives the published ${version} signature of ${source}`, () => {
    const keys = {
      secrets: secret === undefined ? [] : [secret],
      privateKeys: secretKey === undefined ? [] : [secretKey],
    }
    assert.equal(sign({ id: message.id, timestamp: message.timestamp, body: payload, ...keys }), expected)
    assert.equal(sign({ id: message.id, timestamp: message.timestamp, body: Buffer.from(payload), ...keys }), expected)
  })
}

test('sign lists one v1 for each secret, then one v1a for each private key', () => {
  const secrets = [generateSecret(), generateSecret()]
  const privateKeys = [generateKeyPair().privateKey, generateKeyPair().privateKey]
  const message = { id, timestamp, body: '{}' }
  const each = [
    ...secrets.map(one => sign({ ...message, secrets: [one] })),
    ...privateKeys.map(one => sign({ ...message, privateKeys: [one] })),
  ]
  assert.equal(sign({ ...message, secrets, privateKeys }), each.join(' '))
  assert.deepEqual(
    each.map(one => one.split(',')[0]),
    ['v1', 'v1', 'v1a', 'v1a'],
  )
})

test('sign covers the raw bytes, also those that are not UTF-8', () => {
  const body = Buffer.from([0x22, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x22])
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  assert.equal(sign({ id, timestamp, body, secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] }), `v1,${mac}`)
})

test('sign makes what the npm package "standardwebhooks" verifies', () => {
  const secret = generateSecret()
  const now = Math.floor(Date.now() / 1000)
  for (const body of ['{"test":2432232314}', '{"text":"Grüße, 世界"}']) {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(now),
      'webhook-signature': sign({
        id,
        timestamp: now,
        body,
        secrets: [generateSecret(), secret],
        privateKeys: [generateKeyPair().privateKey],
      }),
    }
    assert.deepEqual(new Webhook(secret).verify(body, headers), JSON.parse(body))
    assert.throws(() => new Webhook(generateSecret()).verify(body, headers))
  }
})

test('sign refuses keys that are none, and never prints one', () => {
  const { privateKey, publicKey } = generateKeyPair()
  const mixed = privateKey.slice(0, 40) + generateKeyPair().privateKey.slice(40)
  const refused: [keys: object, words: RegExp][] = [
    [{}, /no key to sign with/],
    [{ secrets: [], privateKeys: [] }, /no key to sign with/],
    [{ secrets: [''] }, /secret is empty/],
    [{ secrets: ['whsec_'] }, /secret is empty/],
    [{ secrets: ['hwsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazfgh'] }, /not base64/],
    [{ secrets: [privateKey] }, /not base64/],
    [{ secrets: [generateSecret(), 'whsec_ä'] }, /not base64/],
    [{ privateKeys: [''] }, /private key is not/],
    [{ privateKeys: ['whsk_'] }, /private key is not/],
    [{ privateKeys: [publicKey] }, /private key is not/],
    [{ privateKeys: [generateSecret()] }, /private key is not/],
    [{ privateKeys: [mixed] }, /halves .* do not belong together/],
  ]
  for (const [keys, words] of refused) {
    assert.throws(
      () => sign({ id, timestamp, body: '{}', ...keys }),
      (error: unknown) => {
        assert.ok(error instanceof SigningKeyError)
        assert.equal(error.code, 'ERR_SIGNING_KEY')
        assert.match(error.message, words)
        for (const text of Object.values(keys).flat()) {
          const secretPart = String(text).replace(/^\w+?_/, '')
          assert.ok(secretPart === '' || !error.message.includes(secretPart))
        }
        return true
      },
    )
  }
})

test('sign takes a private key without its public half', () => {
  const { privateKey } = generateKeyPair()
  const seedOnly = 'whsk_' + Buffer.from(privateKey.slice(5), 'base64').subarray(0, 32).toString('base64')
  const message = { id, timestamp, body: '{}' }
  assert.equal(sign({ ...message, privateKeys: [seedOnly] }), sign({ ...message, privateKeys: [privateKey] }))
})

test('sign refuses an id or a timestamp that would be ambiguous or break the header', () => {
  const refuse = (message: { id?: string; timestamp?: number }, reason: string) =>
    assert.throws(
      () => sign({ id, timestamp, body: '{}', secrets: [generateSecret()], ...message }),
      (error: unknown) => error instanceof SignatureError && error.reason === reason,
    )
  for (const wrong of ['', 'a.b', 'a b', 'a\r\nx: y', 'ä']) refuse({ id: wrong }, 'invalid-id')
  for (const wrong of [1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e21])
    refuse({ timestamp: wrong }, 'invalid-timestamp')
})
