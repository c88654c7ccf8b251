import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireKeyPair } from './ed25519-key.ts'
import { generateKeyPair } from './generate.ts'
import { SigningKeyError } from './signing-key-error.ts'

test('requireKeyPair takes two keys that belong together, and no others', () => {
  const [pair, other] = [generateKeyPair(), generateKeyPair()]
  const seed = Buffer.from(pair.privateKey.slice('whsk_'.length), 'base64').subarray(0, 32)
  requireKeyPair(pair)
  requireKeyPair({ ...pair, privateKey: `whsk_${seed.toString('base64')}` })
  for (const wrong of [
    { ...pair, publicKey: other.publicKey },
    { ...pair, privateKey: pair.publicKey },
    { ...pair, privateKey: 'whsk_AAAA' },
  ])
    assert.throws(() => requireKeyPair(wrong), SigningKeyError)
})
