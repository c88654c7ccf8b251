import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair, generateSecret } from '../../signature/generate.ts'
import { recipientSecret, signingKeyPair } from '../../signature/master-secret.ts'
import { SignatureError } from '../../signature/signature-error.ts'
import { SigningKeyError } from '../../signature/signing-key-error.ts'
import { type VerifyOptions, verify } from '../../signature/verify.ts'
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

test('createDeliverySigner signs with every key that it is given, and with the derived ones only where there is none', () => {
  const now = Date.UTC(2026, 0, 1)
  const destination = 'https://a.example/'
  const whose = { destination, recipient: undefined, destinationHash: 'h', secretVersions: [1] }
  const message = { id: 'a', ...whose, body: undefined, now }
  const former = generateSecret()
  const verifies = (signing: DeliverySigning, options: VerifyOptions) => {
    try {
      verify({ headers: createDeliverySigner(signing).headers(message), body: '' }, { ...options, now })
      return true
    } catch (error) {
      if (error instanceof SignatureError) return false
      throw error
    }
  }
  for (const { publicKey } of [pair, other]) {
    assert.equal(verifies({ masterSecret, keyPairs: [pair, other] }, { publicKeys: [publicKey] }), true)
    assert.equal(verifies({ masterSecret }, { publicKeys: [publicKey] }), false)
  }
  for (const one of [masterSecret, former]) {
    const derived = { publicKeys: [signingKeyPair(one).publicKey] }
    assert.equal(verifies({ masterSecret: [masterSecret, former] }, derived), true)
    assert.equal(verifies({ masterSecret: [masterSecret, former], keyPairs: [pair] }, derived), false)
    const secrets = [recipientSecret(one, destination)]
    assert.equal(verifies({ masterSecret: [masterSecret, former] }, { secrets }), true)
  }
})
