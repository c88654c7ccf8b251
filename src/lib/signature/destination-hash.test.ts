import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { destinationHash } from './destination-hash.ts'

test('destinationHash is the beginning of the base64url SHA-256', () => {
  const destination = 'https://www.external.org/events'
  const whole = createHash('sha256').update(destination).digest('base64url')
  assert.equal(destinationHash(destination), whole.slice(0, 16))
  assert.match(destinationHash(''), /^[\w-]{16}$/)
})

test('destinationHash covers the recipient after a zero byte, so that no two pairs are alike', () => {
  const whole = createHash('sha256').update('https://a.example/hooks\0customer-17').digest('base64url')
  assert.equal(destinationHash('https://A.example:443/%68ooks', 'customer-17'), whole.slice(0, 16))
  const pairs = [
    ['https://a.example/'],
    ['https://a.example/', 'a'],
    ['https://a.example/', 'b'],
    ['https://a.example/a'],
  ]
  const hashes = pairs.map(([destination = '', recipient]) => destinationHash(destination, recipient))
  assert.equal(new Set(hashes).size, pairs.length)
})
