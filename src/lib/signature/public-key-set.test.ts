import assert from 'node:assert/strict'
import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { test } from 'node:test'
import { generateKeyPair } from './generate.ts'
import { publicKeySet } from './public-key-set.ts'
import { sign } from './sign.ts'
import { SigningKeyError } from './signing-key-error.ts'

test('publicKeySet is all that node:crypto needs to verify a v1a signature', () => {
  const { privateKey, publicKey } = generateKeyPair()
  const signature = sign({ id: 'msg_1', timestamp: 1, body: '{}', privateKeys: [privateKey] })
  const { keys } = JSON.parse(JSON.stringify(publicKeySet([publicKey])))
  const key = createPublicKey({ key: keys[0], format: 'jwk' })
  const bytes = Buffer.from(signature.slice('v1a,'.length), 'base64')
  assert.ok(verifySignature(null, Buffer.from('msg_1.1.{}'), key, bytes))
  assert.ok(!verifySignature(null, Buffer.from('msg_1.2.{}'), key, bytes))
})

test('publicKeySet names each key by its thumbprint', () => {
  // RFC 8037, appendix A.3.
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
  const kid = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
  const expected = { keys: [{ kty: 'OKP', crv: 'Ed25519', x, use: 'sig', kid }] }
  assert.deepEqual(publicKeySet([`whpk_${Buffer.from(x, 'base64url').toString('base64')}`]), expected)
  assert.deepEqual(publicKeySet(expected.keys), expected)
})

test('publicKeySet refuses a private key', () => {
  assert.throws(() => publicKeySet([generateKeyPair().privateKey]), SigningKeyError)
})
