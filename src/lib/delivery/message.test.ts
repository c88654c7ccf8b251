import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  boolean,
  assert as check,
  constant,
  double,
  integer,
  option,
  property,
  record,
  string,
  uint8Array,
} from 'fast-check'
import { type Message, readMessage, UnreadableMessageError, writeMessage } from './message.ts'

const bytes = option(uint8Array({ maxLength: 300 }), { nil: undefined })
const text = option(string({ unit: 'binary', maxLength: 300 }), { nil: undefined })
const message = record<Required<Message>>({
  method: string(),
  contentType: text,
  headers: bytes,
  body: bytes,
  isBodySealed: boolean(),
  responses: text.map(given => given?.toWellFormed()),
  retryDelaysSeconds: array(double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 }).map(waits =>
    waits.map(Math.abs),
  ),
  finalStatuses: array(integer({ min: 300, max: 599 }), { maxLength: 20 }),
  retryOnInvalidResponse: boolean(),
  hasOnResponse: boolean(),
  traceParent: text,
  propagate: constant(true as const),
})

function plain({ headers, body, ...rest }: Message) {
  return { ...rest, headers: headers && [...headers], body: body && [...body] }
}

test('readMessage gives back what writeMessage was given', () => {
  check(
    property(message, given => {
      assert.deepEqual(plain(readMessage(writeMessage(given))), plain(given))
    }),
  )
})

test('readMessage reads from the middle of other bytes', () => {
  check(
    property(message, given => {
      const content = writeMessage(given)
      const around = Buffer.concat([Buffer.from('before'), content, Buffer.from('after')])
      assert.deepEqual(plain(readMessage(around.subarray(6, 6 + content.length))), plain(given))
    }),
  )
})

const none = {
  contentType: undefined,
  headers: undefined,
  body: undefined,
  isBodySealed: false,
  responses: undefined,
  finalStatuses: [410],
  retryOnInvalidResponse: false,
  hasOnResponse: false,
  traceParent: undefined,
}

/** What version 1 wrote, as base64: it stays readable, so these are never changed. */
const ofVersion1: readonly (readonly [content: string, message: Message])[] = [
  [
    'AQAAACt7Im1ldGhvZCI6IkdFVCIsInJldHJ5RGVsYXlzU2Vjb25kcyI6WzAsNV19',
    { ...none, method: 'GET', retryDelaysSeconds: [0, 5] },
  ],
  [
    'AQAAAQV7Im1ldGhvZCI6IlBPU1QiLCJyZXRyeURlbGF5c1NlY29uZHMiOlswLDUsMzAwXSwiY29udGVudFR5cGUiOiJhcHBsaWNhdGlvbi9qc29uIiwidHJhY2VQYXJlbnQiOiIwMC00YmY5MmYzNTc3YjM0ZGE2YTNjZTkyOWQwZTBlNDczNi0wMGYwNjdhYTBiYTkwMmI3LTAxIiwiaXNCb2R5U2VhbGVkIjp0cnVlLCJyZXRyeU9uSW52YWxpZFJlc3BvbnNlIjp0cnVlLCJoYXNPblJlc3BvbnNlIjp0cnVlLCJyZXNwb25zZXMiOjEwLCJoZWFkZXJzIjo2LCJib2R5IjoxM317IjIwMCI6e319c2VhbGVkeyJwYWlkIjoiw7YifQ==',
    {
      method: 'POST',
      contentType: 'application/json',
      headers: Buffer.from('sealed'),
      body: Buffer.from('{"paid":"ö"}'),
      isBodySealed: true,
      responses: '{"200":{}}',
      retryDelaysSeconds: [0, 5, 300],
      finalStatuses: [410],
      retryOnInvalidResponse: true,
      hasOnResponse: true,
      traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
  ],
]

/** What the releases that know `finalStatuses` write where it is not the usual list. */
const withFinalStatuses: readonly (readonly [content: string, message: Message])[] = [
  [
    'AQAAAD57Im1ldGhvZCI6IkdFVCIsInJldHJ5RGVsYXlzU2Vjb25kcyI6WzAsNV0sImZpbmFsU3RhdHVzZXMiOltdfQ==',
    { ...none, method: 'GET', retryDelaysSeconds: [0, 5], finalStatuses: [] },
  ],
  [
    'AQAAAGt7Im1ldGhvZCI6IlBVVCIsInJldHJ5RGVsYXlzU2Vjb25kcyI6WzBdLCJmaW5hbFN0YXR1c2VzIjpbNDEwLDQwMCw0MjJdLCJjb250ZW50VHlwZSI6InRleHQvcGxhaW4iLCJib2R5Ijo0fXBhaWQ=',
    {
      ...none,
      method: 'PUT',
      contentType: 'text/plain',
      body: Buffer.from('paid'),
      retryDelaysSeconds: [0],
      finalStatuses: [410, 400, 422],
    },
  ],
]

test('readMessage reads what version 1 wrote, with and without statuses that end the delivery', () => {
  for (const [content, expected] of [...ofVersion1, ...withFinalStatuses]) {
    assert.deepEqual(plain(readMessage(Buffer.from(content, 'base64'))), plain(expected))
    assert.equal(Buffer.from(writeMessage(expected)).toString('base64'), content)
  }
})

const usual: Message = { ...none, method: 'POST', retryDelaysSeconds: [0], body: Buffer.from('{}') }

/** Content with another head. */
function withHead(head: string, rest = ''): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(head))
  return Buffer.concat([Buffer.of(1), length, Buffer.from(head + rest)])
}

test('readMessage refuses a version that it does not know, and says that a later release reads it', () => {
  const content = writeMessage(usual)
  content[0] = 2
  assert.throws(
    () => readMessage(content),
    (error: unknown) =>
      error instanceof UnreadableMessageError &&
      error.isNewer &&
      /of version 2, and this release knows 1/.test(error.message),
  )
  assert.throws(() => readMessage(withHead('{"method":"GET","retryDelaysSeconds":[0],"priority":1}')), {
    isNewer: true,
    message: /does not know "priority"/,
  })
})

test('readMessage refuses whatever is cut, longer, or not as it is written', () => {
  const content = writeMessage({ ...usual, headers: Buffer.of(1, 2, 3), responses: '{}' })
  for (let length = 0; length < content.length; length++)
    assert.throws(() => readMessage(content.subarray(0, length)), UnreadableMessageError)
  assert.throws(() => readMessage(Buffer.concat([content, Buffer.of(0)])), /other lengths/)
  const heads = ['', '[]', 'null', '7', '{', '{}', '{"method":"GET"}', '{"method":7,"retryDelaysSeconds":[0]}']
  const waits = ['[]', '[-1]', '["0"]', '{}', 'null'].map(list => `{"method":"GET","retryDelaysSeconds":${list}}`)
  const rest = [
    '"body":-1',
    '"body":0.5',
    '"body":"1"',
    '"hasOnResponse":false',
    '"contentType":null',
    '"headers":9',
    '"finalStatuses":410',
    '"finalStatuses":["410"]',
    '"finalStatuses":[-1]',
  ].map(field => `{"method":"GET","retryDelaysSeconds":[0],${field}}`)
  for (const head of [...heads, ...waits, ...rest])
    assert.throws(() => readMessage(withHead(head)), UnreadableMessageError, head)
})

test('readMessage takes any bytes without another error', () => {
  check(
    property(uint8Array({ maxLength: 60 }), given => {
      given[0] = 1
      assert.throws(() => readMessage(given), UnreadableMessageError)
    }),
  )
})

test('writeMessage refuses a head that could not be read again', () => {
  assert.throws(() => writeMessage({ ...usual, contentType: 'x'.repeat(70_000) }), RangeError)
})

test('a head of 64 KiB is written and read, and one byte more is neither', () => {
  const most = 65_536
  const others = JSON.stringify({ method: 'POST', retryDelaysSeconds: [0], contentType: '', body: 2 }).length
  const longest = { ...usual, contentType: 'x'.repeat(most - others) }
  assert.deepEqual(plain(readMessage(writeMessage(longest))), plain(longest))
  assert.throws(() => writeMessage({ ...longest, contentType: `${longest.contentType}x` }), RangeError)
  const head = (length: number) => '{"method":"GET","retryDelaysSeconds":[0]}'.padEnd(length)
  assert.equal(readMessage(withHead(head(most))).method, 'GET')
  assert.throws(() => readMessage(withHead(head(most + 1))), /it is cut/)
})
