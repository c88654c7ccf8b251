import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { createResponseCheck } from './response-check.ts'

const log = new RecordingLog()
const check = createResponseCheck(log)
const whose = { operation: 'pay', callback: 'paid' }
const schema = {
  type: 'object',
  properties: { ok: { type: 'boolean' } },
  required: ['ok'],
  additionalProperties: false,
}
const responses = JSON.stringify({ '200': { schema }, '202': {}, '4XX': {} })

function declared(status: number, body: string | Uint8Array) {
  return check.isDeclared(responses, status, typeof body === 'string' ? new TextEncoder().encode(body) : body, whose)
}

test('isDeclared takes every 2xx where nothing is declared', async () => {
  for (const [status, is] of [
    [199, false],
    [200, true],
    [204, true],
    [299, true],
    [300, false],
    [302, false],
  ] as const)
    assert.equal(await check.isDeclared(undefined, status, new Uint8Array(), whose), is, String(status))
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
  for (const status of [400, 404, 499]) assert.equal(await declared(status, ''), true, String(status))
  for (const status of [399, 500]) assert.equal(await declared(status, ''), false, String(status))
  assert.equal(await declared(204, ''), false)
  assert.equal(await check.isDeclared('{"default":{}}', 500, new Uint8Array(), whose), true)
})

test('isDeclared keeps schemas with the same $id apart', async () => {
  const text = (type: string) => JSON.stringify({ '200': { schema: { $id: 'https://a.example/s', type } } })
  assert.equal(await check.isDeclared(text('string'), 200, new TextEncoder().encode('"x"'), whose), true)
  assert.equal(await check.isDeclared(text('number'), 200, new TextEncoder().encode('"x"'), whose), false)
})

for (const [name, responses, reason] of [
  ['a reference to nothing', '{"200":{"schema":{"$ref":"#/$defs/none"}}}', /#\/\$defs\/none/],
  ['a pattern that is none', '{"200":{"schema":{"type":"string","pattern":"("}}}', /regular expression/],
  ['a keyword of another type', '{"200":{"schema":{"type":"text"}}}', /type/],
  ['text that is no JSON', '{"200":', /JSON/],
] as const)
  test(`isDeclared does not check what cannot be compiled, and says so once: ${name}`, async () => {
    const log = new RecordingLog()
    const check = createResponseCheck(log)
    for (const body of ['{}', '"x"', 'no JSON'])
      assert.equal(await check.isDeclared(responses, 200, new TextEncoder().encode(body), whose), undefined)
    assert.equal(log.messages.length, 1)
    assert.match(log.messages[0]?.text ?? '', /not checked/)
    assert.match(String(log.messages[0]?.fields['error']), reason)
    assert.equal(log.messages[0]?.fields['callback'], 'paid')
  })

test('isDeclared still knows the statuses beside a schema that cannot be compiled', async () => {
  const broken = '{"200":{"schema":{"$ref":"#/$defs/none"}},"202":{}}'
  assert.equal(await check.isDeclared(broken, 202, new Uint8Array(), whose), true)
  assert.equal(await check.isDeclared(broken, 404, new Uint8Array(), whose), false)
})
