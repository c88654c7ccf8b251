import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { type SignedMessage, signedRequest } from '../../../../test/support/signed-request.ts'
import { ManualClock } from '../../manual-clock.ts'
import { callback } from '../../operation/callback-definition.ts'
import { webhook } from '../../operation/webhook-definition.ts'
import { destinationHash } from '../../signature/destination-hash.ts'
import { generateSecret } from '../../signature/generate.ts'
import { memoryDedupe } from '../dedupe/memory-dedupe.ts'
import { receive } from '../receive.ts'
import type { ReceiveOptions } from '../receive-options.ts'
import type { ReceivedWebhook } from './received-webhook.ts'

const secret = generateSecret()
const webhooks = {
  'invoice.paid': webhook.post({
    data: z.object({ id: z.string(), cents: z.number().default(0) }),
    headers: z.object({ 'x-tenant': z.string().optional() }),
  }),
  'order.asked': webhook.post({
    data: z.object({ order: z.string() }).optional(),
    response: z.object({ taken: z.boolean() }),
    responses: { 410: {} },
  }),
  'tank.measured': webhook.post({ body: z.object({ celsius: z.number() }) }),
  'tank.emptied': webhook.post({ body: z.object({ litres: z.number() }) }),
}
const timestamp = '2026-01-31T12:00:00.5Z'
const envelope = (type: unknown, data?: unknown) => JSON.stringify({ type, timestamp, data })
const paid = envelope('invoice.paid', { id: '7' })

function setup(given: Partial<ReceiveOptions> = {}, handle?: (received: ReceivedWebhook) => unknown) {
  const clock = new ManualClock()
  const log = new RecordingLog()
  const seen: ReceivedWebhook[] = []
  const hear = async (received: ReceivedWebhook) => {
    seen.push(received)
    return handle?.(received)
  }
  const handlers = {
    ...{ 'invoice.paid': hear, 'order.asked': hear, 'tank.measured': hear, 'tank.emptied': hear },
  } as never
  const options = { secrets: [secret], clock, log, dedupe: memoryDedupe({ clock }), ...given }
  const handler = receive(webhooks, options, handlers)
  const seconds = () => Math.floor(clock.now() / 1_000)
  const send = (message: Partial<SignedMessage> = {}) =>
    handler(
      signedRequest('https://www.external.org/any/path', {
        ...{ body: paid, timestamp: seconds(), secrets: [secret] },
        ...message,
      }),
    )
  return { log, seen, send, seconds }
}

const errorsOf = async (response: Response) => {
  assert.equal(response.status, 422)
  const { errors } = (await response.json()) as { errors: readonly Record<'pointer' | 'code', string>[] }
  return errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

describe('receive, of webhooks', () => {
  it('hands each event to its own handler, by the type in the body', async () => {
    const { seen, send, seconds } = setup({}, ({ event }) => (event === 'order.asked' ? { taken: true } : undefined))
    assert.equal((await send({ headers: { 'x-tenant': 'acme' } })).status, 204)
    const asked = await send({ id: 'msg_2', body: envelope('order.asked', { order: 'o' }) })
    assert.deepEqual([asked.status, await asked.json()], [200, { taken: true }])
    const { request, respond, handled, ...first } = seen[0] as ReceivedWebhook & { callbacks: object }
    assert.deepEqual(first, {
      event: 'invoice.paid',
      data: { id: '7', cents: 0 },
      occurredAt: new Date(timestamp),
      headers: { 'x-tenant': 'acme' },
      ...{ id: 'msg_1', timestamp: seconds(), isTest: false, callbacks: {} },
    })
    assert.deepEqual([request instanceof Request, typeof respond, typeof handled], [true, 'function', 'function'])
    assert.deepEqual([seen[1]?.event, seen[1]?.data], ['order.asked', { order: 'o' }])
  })

  it('hands a whole body to the webhook whose schema takes it', async () => {
    const { seen, send } = setup()
    for (const [id, body] of [
      ['1', '{"celsius":4.5}'],
      ['2', '{"litres":0}'],
      ['3', '{"litres":0,"type":"other"}'],
    ])
      assert.equal((await send({ id: `msg_${id}`, body: body! })).status, 204)
    assert.deepEqual(
      seen.map(({ event, data, occurredAt }) => [event, data, occurredAt]),
      [
        ['tank.measured', { celsius: 4.5 }, undefined],
        ['tank.emptied', { litres: 0 }, undefined],
        ['tank.emptied', { litres: 0 }, undefined],
      ],
    )
  })

  it('refuses what is not as declared, and says where', async () => {
    const { seen, send } = setup()
    const cases: readonly (readonly [body: string, errors: readonly string[]])[] = [
      [envelope('invoice.paid', { id: 7, cents: 'x' }), ['#/data/cents type', '#/data/id type']],
      [envelope('invoice.paid'), ['#/data required']],
      [envelope('invoice.paid', null), ['#/data type']],
      ['{"type":"invoice.paid","data":{"id":"7"}}', ['#/timestamp required']],
      ['{"type":"invoice.paid","data":{"id":"7"},"timestamp":"soon"}', ['#/timestamp format']],
      ['{"celsius":"warm"}', ['#/celsius type']],
      ['[]', ['# type']],
      ['null', ['# type']],
    ]
    for (const [body, errors] of cases) {
      const found = await errorsOf(await send({ body }))
      assert.deepEqual(found.toSorted(), errors, body)
    }
    assert.equal((await send({ body: '{' })).status, 400)
    assert.equal((await send({ headers: { 'content-type': 'text/plain' } })).status, 415)
    assert.equal((await send({ method: 'PUT' })).status, 405)
    assert.equal((await send({ secrets: [generateSecret()] })).status, 401)
    assert.equal(seen.length, 0)
  })

  it('takes an envelope without data where its schema allows that', async () => {
    const { seen, send } = setup({}, () => ({ taken: false }))
    assert.equal((await send({ body: '{"type":"order.asked","timestamp":"2026-01-31T12:00:00Z"}' })).status, 200)
    assert.deepEqual(seen[0]?.data, undefined)
  })

  it('says that a type is missing where every event has one', async () => {
    const log = new RecordingLog()
    const one = { paid: webhooks['invoice.paid'] }
    const clock = new ManualClock()
    const handler = receive(one, { secrets: [secret], log, clock, dedupe: false }, { paid: () => {} })
    const send = (body?: string) =>
      handler(
        signedRequest('https://www.external.org/', {
          ...{ timestamp: Math.floor(clock.now() / 1_000), secrets: [secret] },
          ...(body !== undefined && { body }),
        }),
      )
    for (const body of ['{}', '[]', '7', '{"type":7}'])
      assert.deepEqual(await errorsOf(await send(body)), ['#/type required'])
    assert.deepEqual(await errorsOf(await send()), ['# required'])
  })

  it('acknowledges an event that it does not know, and the log names it once', async () => {
    const { seen, send, log } = setup()
    for (const type of ['invoice.late', 'invoice.late', 'toString', '__proto__'])
      assert.equal((await send({ body: envelope(type, {}) })).status, 204)
    assert.equal(seen.length, 0)
    const told = log.messages.map(({ text, fields }) => `${text} ${JSON.stringify(fields)}`)
    assert.deepEqual(
      told,
      ['invoice.late', 'toString', '__proto__'].map(
        event => `A webhook was acknowledged that nothing here handles {"event":"${event}"}`,
      ),
    )
  })

  it('decodes what the sender has encoded, of a callback as well', async () => {
    const codec = z.codec(z.iso.datetime(), z.date(), {
      decode: text => new Date(text),
      encode: at => at.toISOString(),
    })
    const schema = z.object({ at: codec })
    const body = '{"at":"2026-01-31T12:00:00.000Z"}'
    const seen: unknown[] = []
    const options = { secrets: [secret], dedupe: false, clock: new ManualClock() } as const
    const send = (handler: (request: Request) => Promise<Response>, body: string) =>
      handler(
        signedRequest('https://www.external.org/', {
          ...{ body, timestamp: Math.floor(options.clock.now() / 1_000), secrets: [secret] },
        }),
      )
    await send(
      receive(callback.post('{$url}', { body: schema }), options, ({ body }) => void seen.push(body.at)),
      body,
    )
    const webhooks = { a: webhook.post({ data: schema }), b: webhook.post({ body: schema }) }
    const hear = ({ data }: ReceivedWebhook<(typeof webhooks)['a']>) => void seen.push(data.at)
    const handler = receive(webhooks, options, { a: hear, b: hear })
    await send(handler, `{"type":"a","timestamp":"2026-01-31T12:00:00Z","data":${body}}`)
    await send(handler, body)
    assert.deepEqual(seen, Array(3).fill(new Date('2026-01-31T12:00:00Z')))
  })

  it('takes events of others, which may be called anything', async () => {
    const seen: string[] = []
    const clock = new ManualClock()
    const made = webhook.post({ data: z.object({}) })
    const hear = ({ event }: ReceivedWebhook) => void seen.push(event)
    const names = ['endpoint.made', 'user created', '__proto__', 'constructor']
    const all = <T>(one: T) => Object.fromEntries(names.map(name => [name, one]))
    const handler = receive(all(made), { secrets: [secret], dedupe: false, clock }, all(hear))
    for (const name of names) {
      const seconds = Math.floor(clock.now() / 1_000)
      const message = { body: envelope(name, {}), timestamp: seconds, secrets: [secret] }
      assert.equal((await handler(signedRequest('https://www.external.org/', message))).status, 204)
    }
    assert.deepEqual(seen, names)
  })

  it('handles each message once', async () => {
    let count = 0
    const { send, seen } = setup({}, ({ respond, event }) => {
      if (event === 'order.asked') return respond(200, { taken: ++count > 0 })
      return undefined
    })
    for (const _ of [1, 2, 3]) assert.equal((await send({ body: envelope('order.asked') })).status, 200)
    assert.deepEqual([seen.length, count], [1, 1])
  })

  it('gives the response that a handler chooses, and refuses one that is not declared', async () => {
    const { send } = setup({}, ({ respond, id }) => (id === 'msg_410' ? respond(410) : { taken: 'yes' }))
    assert.equal((await send({ id: 'msg_410', body: envelope('order.asked') })).status, 410)
    assert.equal((await send({ body: envelope('order.asked') })).status, 500)
  })

  it('refuses tests of the endpoint, once it knows that they are genuine, unless it takes them', async () => {
    const { seen, send } = setup()
    const refused = await send({ id: 'test_1' })
    assert.equal(refused.status, 403)
    assert.match(await refused.text(), /This is a test/)
    assert.equal((await send({ id: 'test_1', secrets: [generateSecret()] })).status, 401)
    assert.equal(seen.length, 0)
    const willing = setup({ acceptTests: true })
    await willing.send({ id: 'test_1' })
    await willing.send({ id: 'msg_test_1' })
    assert.deepEqual(
      willing.seen.map(({ isTest }) => isTest),
      [true, false],
    )
  })

  it('takes only what is made for its endpoint, if it says which that is', async () => {
    const { send } = setup({ audience: 'ep_1a2b' })
    assert.equal((await send({ id: `msg_1_${destinationHash('ep_1a2b')}` })).status, 204)
    assert.equal((await send({ id: `msg_2_${destinationHash('ep_other')}` })).status, 401)
  })
})

test('receive refuses webhooks and options that cannot be meant', () => {
  const one = { paid: webhooks['invoice.paid'] }
  const hear = () => {}
  const cases: readonly (readonly [RegExp, unknown, unknown, object?])[] = [
    [/needs the name of the event as well/, webhooks['invoice.paid'], hear],
    [/or webhooks by the names of their events/, {}, {}],
    [/or webhooks by the names of their events/, { ...one, told: callback.post('{$url}', {}) }, { paid: hear }],
    [/or webhooks by the names of their events/, { paid: null }, { paid: hear }],
    [/no handler for the webhook "paid"/, one, {}],
    [/no handler for the webhook "paid"/, one, hear],
    [/no handler for the webhook "toString"/, { toString: webhooks['invoice.paid'] }, {}],
    [/has a handler for "late", and no webhook/, one, { paid: hear, late: hear }],
    [/give the id of the endpoint/, one, { paid: hear }, { audience: 'https://www.external.org/hooks' }],
    [/"recipient" .* is for callbacks/, one, { paid: hear }, { recipient: 'acme' }],
    [/"acceptTests" .* is for webhooks/, callback.post('{$url}', {}), hear, { acceptTests: true }],
  ]
  for (const [message, definition, handler, options = {}] of cases)
    assert.throws(() => receive(definition as never, { secrets: [secret], ...options }, handler as never), {
      code: 'ERR_DEFINITION',
      message,
    })
})
