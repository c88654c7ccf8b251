import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decryptAtRest, encryptAtRest } from './at-rest.ts'
import { AtRestError } from './at-rest-error.ts'
import { atRestKey } from './master-secret.ts'

const current = atRestKey('correct horse battery staple')
const former = atRestKey('another horse, another battery')

test('decryptAtRest opens what encryptAtRest sealed', () => {
  fc.assert(
    fc.property(fc.uint8Array(), plain => {
      const sealed = encryptAtRest(current, plain)
      assert.equal(sealed.length, plain.length + 37)
      assert.deepEqual(new Uint8Array(decryptAtRest(current, sealed)), plain)
      assert.deepEqual(new Uint8Array(decryptAtRest([former, current], new Uint8Array(sealed))), plain)
    }),
  )
})

test('encryptAtRest seals with the first key, differently each time', () => {
  const plain = Buffer.from('a credential')
  const sealed = encryptAtRest([current, former], plain)
  assert.deepEqual(Buffer.from(decryptAtRest([current], sealed)), plain)
  assert.throws(() => decryptAtRest([former], sealed), AtRestError)
  assert.notDeepEqual(encryptAtRest(current, plain), sealed)
  assert.ok(!Buffer.from(sealed).includes('credential'))
})

test('decryptAtRest refuses bytes that were changed or cut anywhere', () => {
  const sealed = encryptAtRest(current, Buffer.from('a credential'))
  for (let place = 0; place < sealed.length; place++) {
    assert.throws(
      () =>
        decryptAtRest(
          current,
          sealed.map((byte, index) => (index === place ? byte ^ 1 : byte)),
        ),
      AtRestError,
    )
    assert.throws(() => decryptAtRest(current, sealed.subarray(0, place)), AtRestError)
  }
})

test('decryptAtRest tells a key that is missing from bytes that no key will open', () => {
  const sealed = encryptAtRest(current, Buffer.from('a credential'))
  const damaged = sealed.with(-1, sealed.at(-1)! ^ 1)
  assert.throws(() => decryptAtRest(former, sealed), { keyIsMissing: true })
  for (const bytes of [damaged, sealed.subarray(0, 9), new Uint8Array(64)])
    assert.throws(() => decryptAtRest(current, bytes), { keyIsMissing: false })
})

test('encryptAtRest and decryptAtRest refuse to work without a key', () => {
  assert.throws(() => encryptAtRest([], Buffer.from('a')), AtRestError)
  assert.throws(() => decryptAtRest([], encryptAtRest(current, Buffer.from('a'))), { code: 'ERR_AT_REST' })
})
