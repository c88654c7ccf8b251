import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyId } from './at-rest.ts'
import { generateSecret } from './generate.ts'
import {
  atRestKey,
  docsToken,
  loopId,
  masterSecretId,
  recipientSecret,
  signingKeyPair,
  testKeys,
} from './master-secret.ts'
import { sign } from './sign.ts'
import { SigningKeyError } from './signing-key-error.ts'
import { verify } from './verify.ts'

const master = 'correct horse battery staple'

function hkdf(masterSecret: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterSecret, '', info, 32))
}

test('recipientSecret is the HKDF of the master secret and the recipient', () => {
  const expected = 'whsec_' + hkdf(master, 'ringback/v1/recipient/customer-17').toString('base64')
  assert.equal(recipientSecret(master, 'customer-17'), expected)
  assert.equal(recipientSecret(master, 'customer-17'), expected)
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 24 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      (secret, recipient) => {
        const derived = hkdf(secret, `ringback/v1/recipient/${recipient}`).toString('base64')
        assert.equal(recipientSecret(secret, recipient), `whsec_${derived}`)
      },
    ),
  )
})

test('recipientSecret takes a recipient of any length', () => {
  const long = 'https://www.external.org/' + 'x'.repeat(4000)
  const secret = recipientSecret(master, long)
  assert.notEqual(secret, recipientSecret(master, long + 'x'))
  const body = '{}'
  const headers = {
    'webhook-id': 'a',
    'webhook-timestamp': '0',
    'webhook-signature': sign({ id: 'a', timestamp: 0, body, secrets: [secret] }),
  }
  verify({ headers, body }, { secrets: [secret], now: 0 })
})

test('signingKeyPair grows from the derived seed and signs', () => {
  const { privateKey, publicKey } = signingKeyPair(master)
  const bytes = Buffer.from(privateKey.slice('whsk_'.length), 'base64')
  assert.deepEqual(bytes.subarray(0, 32), hkdf(master, 'ringback/v1/ed25519'))
  assert.equal('whpk_' + bytes.subarray(32).toString('base64'), publicKey)
  const signature = sign({ id: 'a', timestamp: 0, body: '', privateKeys: [privateKey] })
  const headers = { 'webhook-id': 'a', 'webhook-timestamp': '0', 'webhook-signature': signature }
  verify({ headers, body: '' }, { publicKeys: [publicKey], now: 0 })
})

test('atRestKey is the HKDF of the master secret', () => {
  assert.deepEqual(Buffer.from(atRestKey(master)), hkdf(master, 'ringback/v1/at-rest'))
})

test('loopId is the beginning of the HKDF of the master secret, and masterSecretId the id of its key', () => {
  assert.equal(loopId(master), hkdf(master, 'ringback/v1/loop').subarray(0, 12).toString('base64url'))
  assert.equal(masterSecretId(master), keyId(hkdf(master, 'ringback/v1/at-rest')).toString('hex'))
  assert.match(masterSecretId(master), /^[0-9a-f]{16}$/)
})

test('testKeys and docsToken are derived for themselves alone, and stay the same', () => {
  const { secret, publicKey, privateKey } = testKeys(master)
  assert.equal(secret, `whsec_${hkdf(master, 'ringback/v1/test/secret').toString('base64')}`)
  assert.equal(docsToken(master), hkdf(master, 'ringback/v1/docs').toString('base64url'))
  assert.notEqual(publicKey, signingKeyPair(master).publicKey)
  for (const name of ['', 'secret', 'test/secret', '../test/secret'])
    assert.notEqual(recipientSecret(master, name), secret, name)
  const message = { id: 'msg_1', timestamp: 1_614_265_330, body: 'x' }
  const headers = {
    ...{ 'webhook-id': 'msg_1', 'webhook-timestamp': '1614265330' },
    'webhook-signature': sign({ ...message, privateKeys: [privateKey] }),
  }
  verify({ headers, body: 'x' }, { publicKeys: [publicKey], now: 1_614_265_330_000 })
})

test('atRestKey, signingKeyPair and recipientSecret refuse a master secret under 24 bytes without printing it', () => {
  for (const short of ['', 'hunter2hunter2hunter2!!'])
    for (const derive of [atRestKey, signingKeyPair, (secret: string) => recipientSecret(secret, 'a')])
      assert.throws(
        () => derive(short),
        (error: unknown) => {
          assert.ok(error instanceof SigningKeyError)
          assert.equal(error.message, 'The master secret is shorter than 24 bytes; make one with generateSecret()')
          return true
        },
      )
  for (const enough of ['x'.repeat(24), 'ä'.repeat(12), generateSecret()]) assert.equal(atRestKey(enough).length, 32)
})

test("each version of a recipient has a secret of its own, which is nobody else's", () => {
  const masterSecret = 'correct horse battery staple'
  const names = ['a', '2/a', 'version/2/a', '-version/2/a', '']
  const secrets = names.flatMap(name => [1, 2, 3, 20].map(version => recipientSecret(masterSecret, name, version)))
  assert.equal(new Set(secrets).size, secrets.length)
  assert.equal(recipientSecret(masterSecret, 'a', 1), recipientSecret(masterSecret, 'a'))
  for (const version of [0, -1, 1.5, Number.NaN])
    assert.throws(() => recipientSecret(masterSecret, 'a', version), RangeError)
})
