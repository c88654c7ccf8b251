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
