import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Handshake } from './handshake.ts'

test('Handshake tells when its response has been sent, to whoever asks before or after', () => {
  const handshake = new Handshake()
  const told: string[] = []
  handshake.once('close', () => told.push('before'))
  assert.equal(told.length, 0)
  handshake.responded()
  handshake.once('close', () => told.push('after'))
  handshake.responded()
  assert.deepEqual(told, ['before', 'after'])
})

test('Handshake aborts its signal when the connection has ended, also one that is asked for later', () => {
  const early = new Handshake()
  const { signal } = early
  assert.equal(signal.aborted, false)
  early.ended()
  assert.equal(signal.reason.name, 'AbortError')
  const late = new Handshake()
  late.ended()
  assert.equal(late.signal.aborted, true)
})
