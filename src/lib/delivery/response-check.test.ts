import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createResponseCheck } from './response-check.ts'

const check = createResponseCheck()
const schema = {
  type: 'object',
  properties: { ok: { type: 'boolean' } },
  required: ['ok'],
  additionalProperties: false,
}
const responses = JSON.stringify({ '200': { schema }, '202': {}, '4XX': {} })

function declared(status: number, body: string | Uint8Array): boolean | Promise<boolean> {
  return check.isDeclared(responses, status, typeof body === 'string' ? new TextEncoder().encode(body) : body)
}

test('isDeclared takes every 2xx where nothing is declared', async () => {
  assert.equal(await check.isDeclared(undefined, 204, new Uint8Array()), true)
  assert.equal(await check.isDeclared(undefined, 302, new Uint8Array()), false)
})

test('isDeclared compares the body with the schema of its status', async () => {
  assert.equal(await declared(200, '{"ok":true}'), true)
  for (const body of ['{"ok":"yes"}', '{}', '', 'OK', '<html>', '{"ok":true', '{"ok":true,"more":1}'])
    assert.equal(await declared(200, body), false, body)
})

test('isDeclared refuses a body that is not UTF-8', async () => {
  assert.equal(await declared(200, new Uint8Array([0x22, 0xff, 0x22])), false)
})

test('isDeclared takes any body of a status without a schema, and ranges of statuses', async () => {
  assert.equal(await declared(202, 'thanks'), true)
  assert.equal(await declared(404, ''), true)
  assert.equal(await declared(204, ''), false)
  assert.equal(await check.isDeclared('{"default":{}}', 500, new Uint8Array()), true)
})

test('isDeclared keeps schemas with the same $id apart', async () => {
  const text = (type: string) => JSON.stringify({ '200': { schema: { $id: 'https://a.example/s', type } } })
  assert.equal(await check.isDeclared(text('string'), 200, new TextEncoder().encode('"x"')), true)
  assert.equal(await check.isDeclared(text('number'), 200, new TextEncoder().encode('"x"')), false)
})

test('isDeclared is false for a schema that cannot be compiled, and does not throw', async () => {
  const broken = '{"200":{"schema":{"$ref":"#/$defs/none"}}}'
  assert.equal(await check.isDeclared(broken, 200, new TextEncoder().encode('{}')), false)
})

test('isDeclared is false for responses that cannot be read, and does not throw', async () => {
  assert.equal(await check.isDeclared('{"200":', 200, new Uint8Array()), false)
})
