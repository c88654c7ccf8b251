import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair, generateSecret } from '../../signature/generate.ts'
import { SigningKeyError } from '../../signature/signing-key-error.ts'
import { createDeliverySigner, type DeliverySigning } from './delivery-signer.ts'

const masterSecret = generateSecret()
const [pair, other] = [generateKeyPair(), generateKeyPair()]

const unusable: Readonly<Record<string, DeliverySigning>> = {
  'a short master secret': { masterSecret: 'short' },
  'a short master secret beside a key pair': { masterSecret: 'short', keyPairs: [pair] },
  'a short former master secret beside a key pair': { masterSecret: [masterSecret, 'short'], keyPairs: [pair] },
  'a private key that is none': { masterSecret, keyPairs: [{ ...pair, privateKey: 'whsk_AAAA' }] },
  'a public key that is none': { masterSecret, keyPairs: [{ ...pair, publicKey: 'whpk_AAAA' }] },
  'the public key of another pair': { masterSecret, keyPairs: [{ ...pair, publicKey: other.publicKey }] },
}

for (const [what, signing] of Object.entries(unusable)) {
  test(`createDeliverySigner refuses ${what}, before anything is sent`, () => {
    assert.throws(() => createDeliverySigner(signing), SigningKeyError)
  })
}

test('createDeliverySigner takes key pairs in place of the derived one', () => {
  assert.deepEqual(createDeliverySigner({ masterSecret, keyPairs: [pair, other] }).publicKeys, [
    pair.publicKey,
    other.publicKey,
  ])
})
