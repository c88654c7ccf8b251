import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair, generateSecret } from './generate.ts'

test('generateSecret and generateKeyPair give keys of 32 random bytes', () => {
  const secret = generateSecret()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.notEqual(generateSecret(), secret)
  const { privateKey, publicKey } = generateKeyPair()
  assert.equal(Buffer.from(privateKey.slice('whsk_'.length), 'base64').length, 64)
  assert.equal(Buffer.from(publicKey.slice('whpk_'.length), 'base64').length, 32)
  assert.notEqual(generateKeyPair().privateKey, privateKey)
})
