import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { type SignedMessage, signedRequest } from '../../../test/support/signed-request.ts'
import { ManualClock } from '../manual-clock.ts'
import { callback } from '../operation/callback-definition.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import { destinationHash } from '../signature/destination-hash.ts'
import { generateKeyPair, generateSecret } from '../signature/generate.ts'
import { memoryDedupe } from './dedupe/memory-dedupe.ts'
import { receive } from './receive.ts'
import type { ReceiveOptions } from './receive-options.ts'
import type { Received } from './received.ts'

const secret = generateSecret()
const { privateKey, publicKey } = generateKeyPair()
const Event = z.object({ description: z.string(), paid: z.boolean() })
const paid = callback.post('{$callback_url}/invoices/{$request.body.id}', {
  body: Event,
  query: z.object({ page: z.number().int().optional() }),
  headers: z.object({ 'x-tenant': z.string().optional() }),
  response: z.object({ ok: z.boolean() }),
  responses: { 409: { body: z.object({ why: z.string() }) }, 202: {} },
})
const url = 'https://www.external.org/events/invoices/2expen51ve'
const body = '{"description":"Payment celebration","paid":true}'

type Got = Received<typeof paid>

function setup(given: Partial<ReceiveOptions> = {}, handle?: (received: Got) => unknown) {
  const clock = new ManualClock()
  const log = new RecordingLog()
  const seen: Got[] = []
  const keys = 'verify' in given || 'keysUrl' in given || 'publicKeys' in given ? {} : { secrets: [secret] }
  const handler = receive(paid, { ...keys, clock, log, dedupe: memoryDedupe({ clock }), ...given }, async received => {
    seen.push(received)
    return handle === undefined ? { ok: true } : (handle(received) as { ok: boolean })
  })
  const now = () => Math.floor(clock.now() / 1_000)
  const send = (message: Partial<SignedMessage> & { readonly to?: string } = {}) =>
    handler(signedRequest(message.to ?? url, { body, timestamp: now(), secrets: [secret], ...message }))
  return { clock, log, seen, handler, send, now }
}
const problemOf = async (response: Response) => {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  return (await response.json()) as { status: number; detail: string; errors: ValidationError[] }
}

describe('receive', () => {
  it('hands what was verified to the handler, and responds as declared', async () => {
    const { seen, send, now } = setup()
    const response = await send({ to: `${url}?token=a&page=2`, headers: { 'x-tenant': 'acme' } })
    assert.deepEqual([response.status, await response.json()], [200, { ok: true }])
    assert.equal(response.headers.get('content-type'), 'application/json')
    const { body, path, query, headers, id, timestamp } = seen[0]!
    assert.deepEqual(
      { body, path, query, headers, id, timestamp },
      {
        body: { description: 'Payment celebration', paid: true },
        path: { id: '2expen51ve' },
        query: { page: 2 },
        headers: { 'x-tenant': 'acme' },
        id: 'msg_1',
        timestamp: now(),
      },
    )
  })

  it('takes v1a by public keys, and the header names of Svix', async () => {
    const { send } = setup({ publicKeys: [publicKey] })
    assert.equal((await send({ secrets: [], privateKeys: [privateKey] })).status, 200)
    assert.equal((await send({ secrets: [], privateKeys: [privateKey], prefix: 'svix', id: 'msg_2' })).status, 200)
    assert.equal((await send({ id: 'msg_3' })).status, 401)
  })

  it('refuses what is not signed correctly with a 401 that the sender repeats', async () => {
    const { seen, send, now, handler } = setup()
    const cases: readonly (readonly [string, Partial<SignedMessage>])[] = [
      ['no-match', { secrets: [generateSecret()] }],
      ['too-old', { timestamp: now() - 301 }],
      ['too-new', { timestamp: now() + 301 }],
      ['missing-header', { headers: { 'webhook-id': '' } }],
      ['no-match', { headers: { 'webhook-signature': 'v1,AAAA' } }],
    ]
    for (const [reason, message] of cases) {
      const response = await send(message)
      assert.equal(response.headers.get('www-authenticate'), 'StandardWebhooks')
      assert.partialDeepStrictEqual(await problemOf(response), { status: 401, reason })
    }
    assert.equal((await handler(new Request(url, { method: 'POST', body }))).status, 401)
    assert.equal(seen.length, 0)
  })

  it('refuses a message for another audience or recipient', async () => {
    const audience = 'https://www.external.org/events'
    const { send } = setup({ audience, recipient: 'acme' })
    assert.equal((await send({ id: `msg_1_${destinationHash(audience, 'acme')}` })).status, 200)
    for (const hash of [destinationHash(audience), destinationHash('https://other.example', 'acme'), 'x'])
      assert.partialDeepStrictEqual(await problemOf(await send({ id: `msg_2_${hash}` })), { reason: 'wrong-audience' })
  })

  it('refuses other paths, methods, sizes and media types before it looks at them', async () => {
    const { send, seen } = setup({ bodyLimitBytes: 100 })
    assert.equal((await send({ to: 'https://www.external.org/other' })).status, 404)
    const other = await send({ method: 'PUT' })
    assert.deepEqual([other.status, other.headers.get('allow')], [405, 'POST'])
    const long = JSON.stringify({ description: 'x'.repeat(100), paid: true })
    assert.equal((await send({ body: long, secrets: [generateSecret()] })).status, 413)
    assert.equal((await send({ headers: { 'content-type': 'text/plain' } })).status, 415)
    assert.equal((await send({ body: '{"description"' })).status, 400)
    assert.equal((await send({ body: new Uint8Array([0xff, 0x22]) })).status, 400)
    assert.equal(seen.length, 0)
  })

  it('refuses what is not as declared, and says where', async () => {
    const { send } = setup()
    const response = await send({ body: '{"description":7}', to: `${url}?page=x` })
    const { status, errors } = await problemOf(response)
    assert.equal(status, 422)
    assert.deepEqual(errors.map(error => `${error.in} ${error.pointer} ${error.code}`).toSorted(), [
      'body #/description type',
      'body #/paid required',
      'query #/page type',
    ])
    const missing = await problemOf(await send({ body: '' }))
    assert.deepEqual(missing.errors[0]?.detail, 'The body is missing')
    assert.equal((await send()).status, 200)
  })

  it('repeats the response to a message that it has handled, for ten days', async () => {
    let count = 0
    const { send, seen, clock } = setup({}, ({ respond }) =>
      respond(200, { ok: true }, { headers: { 'x-count': String(++count) } }),
    )
    for (const _ of [1, 2, 3]) {
      const response = await send()
      assert.deepEqual([response.status, response.headers.get('x-count')], [200, '1'])
    }
    assert.equal(seen.length, 1)
    clock.advance({ days: 9 })
    await send()
    assert.equal(seen.length, 1)
    clock.advance({ days: 2 })
    await send()
    assert.equal(seen.length, 2)
  })

  it('responds with 409 to a message that is being handled, and handles it again when the lease is over', async () => {
    const hanging = Promise.withResolvers<{ ok: boolean }>()
    let first = true
    const { send, clock, seen, log } = setup({}, () => {
      if (!first) return { ok: false }
      first = false
      return hanging.promise
    })
    const slow = send()
    while (seen.length === 0) await new Promise(setImmediate)
    const second = await send()
    assert.deepEqual([second.status, second.headers.get('retry-after')], [409, '60'])
    clock.advance({ seconds: 61 })
    assert.deepEqual(await (await send()).json(), { ok: false })
    hanging.resolve({ ok: true })
    assert.equal((await slow).status, 200)
    assert.match(log.messages.map(({ text }) => text).join(), /may be handled again/)
    assert.deepEqual(await (await send()).json(), { ok: false })
  })

  it('handles a message again whose handler has thrown or responded with an error', async () => {
    const results: (() => unknown)[] = [
      () => {
        throw new Error('secret of ours')
      },
      () => ({ ok: 'yes' }),
    ]
    const { send, seen, log } = setup({}, ({ respond }) => {
      const next = results.shift()
      if (next !== undefined) return next()
      return seen.length === 3 ? respond(409, { why: 'locked' }) : { ok: true }
    })
    for (const status of [500, 500]) {
      const response = await send()
      assert.equal(response.status, status)
      assert.doesNotMatch(await response.text(), /secret|yes/)
    }
    assert.deepEqual(
      log.messages.map(({ level }) => level),
      ['error', 'error'],
    )
    assert.equal((await send()).status, 409)
    assert.equal((await send()).status, 200)
    assert.equal((await send()).status, 200)
    assert.equal(seen.length, 4)
  })

  it('sends of a response only what is declared, and refuses what is not', async () => {
    const { send } = setup({}, ({ respond, id }) => {
      if (id === 'msg_418') return respond(418 as 409, { why: 'teapot' })
      if (id === 'msg_202') return respond(202)
      if (id === 'msg_large') return { ok: true, large: 'x' }
      return { ok: true, more: 1 }
    })
    assert.equal((await send({ id: 'msg_418' })).status, 500)
    const empty = await send({ id: 'msg_202' })
    assert.deepEqual([empty.status, await empty.text(), empty.headers.get('content-type')], [202, '', null])
    assert.deepEqual(await (await send()).json(), { ok: true })
  })

  it('responds with 503 while its dedupe cannot be used', async () => {
    const broken = { claim: () => Promise.reject(new Error('down')), complete() {}, release() {} }
    const { send, seen, log } = setup({ dedupe: broken })
    const response = await send()
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '5'])
    assert.deepEqual([seen.length, log.messages[0]?.level], [0, 'error'])
  })

  it('lets another format verify, and refuses what that throws', async () => {
    const verify = (request: Request, bytes: Uint8Array) => {
      if (request.headers.get('x-signature') !== String(bytes.byteLength)) throw new Error('wrong')
      return { id: request.headers.get('x-id') ?? '', timestamp: Number(request.headers.get('x-time')) }
    }
    const { handler, now, seen } = setup({ verify })
    const send = (headers: Record<string, string>) =>
      handler(new Request(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }))
    const right = { 'x-signature': String(body.length), 'x-id': 'evt_1', 'x-time': String(now()) }
    assert.equal((await send(right)).status, 200)
    assert.equal(seen[0]?.id, 'evt_1')
    for (const wrong of [
      { 'x-signature': '1' },
      { 'x-id': '' },
      { 'x-time': 'soon' },
      { 'x-time': String(now() - 999) },
    ])
      assert.equal((await send({ ...right, ...wrong })).status, 401)
  })

  it('warns once that it remembers in memory only, and hands over every attempt without a dedupe', async () => {
    const { send, log } = setup({ dedupe: undefined as never })
    await send()
    await send()
    assert.deepEqual(
      log.messages.map(({ level }) => level),
      ['warn'],
    )
    const without = setup({ dedupe: false }, ({ handled }) => handled({ ok: true }))
    assert.equal((await without.send()).status, 500)
    const twice = setup({ dedupe: false })
    await twice.send()
    await twice.send()
    assert.equal(twice.seen.length, 2)
  })

  it('keeps receivers apart that share a dedupe', async () => {
    const dedupe = memoryDedupe({ clock: new ManualClock() })
    const [a, b, c] = [setup({ dedupe }), setup({ dedupe, name: 'other' }), setup({ dedupe })]
    for (const { send } of [a, b, c]) assert.equal((await send()).status, 200)
    assert.deepEqual([a.seen.length, b.seen.length, c.seen.length], [1, 1, 0])
  })

  it('fills the memory with so many messages at most', async () => {
    const clock = new ManualClock()
    const { send, seen } = setup({ dedupe: memoryDedupe({ clock, limit: 3 }), clock })
    for (const number of [1, 2, 3, 4, 5])
      await send({ id: `msg_${number}`, timestamp: Math.floor(clock.now() / 1_000) })
    await send({ id: 'msg_5', timestamp: Math.floor(clock.now() / 1_000) })
    assert.equal(seen.length, 5)
    await send({ id: 'msg_1', timestamp: Math.floor(clock.now() / 1_000) })
    assert.equal(seen.length, 6)
  })
})

test('receive refuses options with which it could not receive', () => {
  const handler = async () => ({ ok: true })
  const refused = { code: 'ERR_DEFINITION' }
  for (const options of [
    {},
    { secrets: [] },
    { secrets: [secret], verify: () => ({ id: '1', timestamp: 1 }) },
    { secrets: [secret], recipient: 'acme' },
    { secrets: [secret], audience: 'events' },
    { keysUrl: 'http://api.example.com/.well-known/jwks.json' },
    { keysUrl: 'keys' },
    { secrets: [secret], toleranceSeconds: Number.NaN },
    { secrets: [secret], bodyLimitBytes: '1' as never },
    { secret: [secret] } as never,
  ])
    assert.throws(() => receive(paid, options, handler), refused, JSON.stringify(options))
  assert.throws(() => receive({} as typeof paid, { secrets: [secret] }, handler), refused)
  assert.throws(() => receive(paid, { secrets: [secret] }, undefined as never), refused)
  assert.throws(() => memoryDedupe({ leaseSeconds: 0 }), refused)
})
