import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isResponse } from './is-response.ts'

test('isResponse recognises a Response and instances of subclasses', () => {
  class Redirection extends Response {}
  assert.ok(isResponse(new Response('text')))
  assert.ok(isResponse(Response.json({})))
  assert.ok(isResponse(new Redirection()))
})

test('isResponse is not deceived by an object that only looks like one', () => {
  const lookalike = { [Symbol.toStringTag]: 'Response', status: 200, headers: new Headers(), body: null }
  for (const value of [lookalike, { status: 200 }, [], null, undefined, 'Response', 200, () => {}, new Headers()])
    assert.equal(isResponse(value), false)
})
