import assert from 'node:assert/strict'
import { test } from 'node:test'
import { similarName } from './similar-name.ts'

const known = ['retryDelaysSeconds', 'timeoutMs', 'body', 'at', 'delayMs', 'destinations', 'delivery', 'prefix']

for (const [name, meant] of [
  ['delivry', 'delivery'],
  ['Delivery', 'delivery'],
  ['bdoy', 'body'],
  ['bdy', 'body'],
  ['delay', 'delayMs'],
  ['timeout', 'timeoutMs'],
  ['timeout_ms', 'timeoutMs'],
  ['retryDelays', 'retryDelaysSeconds'],
  ['destination', 'destinations'],
  ['perfix', 'prefix'],
] as const)
  test(`similarName takes "${name}" for "${meant}"`, () => assert.equal(similarName(name, known), meant))

for (const name of ['', 'x', 'colour', 'securitySchemes', 'b'.repeat(100_000)])
  test(`similarName takes "${name.slice(0, 20)}" for nothing`, () => assert.equal(similarName(name, known), undefined))
