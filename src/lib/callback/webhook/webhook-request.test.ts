import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import type { DeliveryRequest } from '../../delivery/delivery-request.ts'
import { WebhookReplacedError } from '../../delivery/endpoints/errors/webhook-replaced-error.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import { ManualClock } from '../../manual-clock.ts'
import { text } from '../../operation/bodies/text.ts'
import { compileWebhooks } from '../../operation/compiled/compiled-webhook.ts'
import { endpointEvents } from '../../operation/webhook/endpoint-events.ts'
import { NEVER } from '../../operation/webhook/webhook-forms.ts'
import { type WebhookSet, webhook } from '../../operation/webhook-definition.ts'
import { CallbackArgumentError } from '../callback-argument-error.ts'
import { webhookRequest } from './webhook-request.ts'
import type { AnyWebhookSendOptions } from './webhook-send-options.ts'

const Paid = z.object({ id: z.string(), at: z.string().default('now') })
const owner = 'customer-17'

function sender(set: WebhookSet) {
  const byEvent = new Map(compileWebhooks(set).map(one => [one.name, one]))
  const runtime = { clock: new ManualClock(), webhooks: { byName: (event: string) => byEvent.get(event) } }
  return (event: string, data: unknown, options: object = { owner }) =>
    webhookRequest(byEvent.get(event)!, { data, options: options as AnyWebhookSendOptions }, runtime)
}

const bodyOf = (request: DeliveryRequest | undefined) => Buffer.from(request?.body ?? []).toString()

describe('The message of a webhook', () => {
  it('is the envelope around what the schema makes of the data', async () => {
    const made = await sender({ 'invoice.paid': webhook.post({ data: Paid }) })('invoice.paid', { id: '7', secret: 1 })
    const { body: _body, responses: _responses, ...request } = made
    assert.equal(Buffer.from(made.webhook?.sameBytes ?? []).toString(), '{"id":"7","at":"now"}')
    const { sameBytes: _same, ...targets } = made.webhook!
    assert.equal(
      bodyOf(made),
      '{"type":"invoice.paid","timestamp":"2026-01-01T00:00:00.000Z","data":{"id":"7","at":"now"}}',
    )
    assert.deepEqual(JSON.parse(JSON.stringify({ ...request, webhook: targets })), {
      ...{ operation: '', callback: 'invoice.paid', method: 'POST', url: '', destination: '', headers: {} },
      ...{ contentType: 'application/json', hasOnResponse: false },
      webhook: {
        ...{ owner, channels: [], timestamp: Date.UTC(2026, 0, 1) },
        ...{ newer: [], chain: [], starFrom: 0, starUntil: NEVER },
      },
    })
  })

  it('is exactly the declared body, with its options', async () => {
    const made = await sender({
      note: webhook.post({
        body: text(),
        headers: z.object({ 'x-tenant': z.number() }),
        ...{ retryDelaysSeconds: [1], finalStatuses: [404], timeoutMs: 5, retryOnInvalidResponse: true },
        onResponse() {},
      }),
    })('note', 'It is paid', {
      ...{ owner: everyone, idempotencyKey: 'k', orderingKey: 'o', channels: ['eu', 'us', 'eu'] },
      timestamp: new Date('2025-12-31T23:00:00Z'),
      at: new Date(5),
      expiresAt: new Date(9),
      headers: { 'x-tenant': 7, 'x-other': 'a' },
    })
    assert.equal(bodyOf(made), 'It is paid')
    assert.match(made.contentType ?? '', /^text\/plain/)
    const { at, expiresAt, idempotencyKey, orderingKey, retryDelaysSeconds, finalStatuses, timeoutMs } = made
    assert.deepEqual([at, expiresAt, idempotencyKey, orderingKey], [5, 9, 'k', 'o'])
    assert.deepEqual([retryDelaysSeconds, finalStatuses, timeoutMs], [[1], [404], 5])
    assert.deepEqual([made.retryOnInvalidResponse, made.hasOnResponse, made.headers], [true, true, { 'x-tenant': '7' }])
    assert.partialDeepStrictEqual(made.webhook, {
      ...{ owner: '', channels: ['eu', 'us'], timestamp: Date.parse('2025-12-31T23:00:00Z') },
    })
  })

  it('takes those of earlier forms along, each made of the one after it', async () => {
    const first = webhook.post({
      body: z.object({ cents: z.int() }),
      headers: z.object({ 'x-a': z.string().optional() }),
    })
    const second = webhook.post({
      data: z.object({ amount: z.string() }),
      replaces: { webhook: first, since: '2026-01-01', as: ({ amount }) => ({ cents: Number(amount) }) },
    })
    const third = webhook.post({
      data: z.object({ amount: z.number(), currency: z.string().default('EUR') }),
      replaces: {
        webhook: second,
        since: '2026-02-01',
        as: ({ amount, currency }) => ({ amount: `${amount}`, currency }),
      },
    })
    const send = sender({ first, second, third })
    const options = { owner, idempotencyKey: 'k', timestamp: new Date(0), headers: { 'x-a': 'b' } }
    const made = await send('third', { amount: 7 }, options)
    const before = made.webhook?.older
    const beforeThat = before?.webhook?.older
    assert.deepEqual(
      [made, before, beforeThat].map(request => [request?.callback, bodyOf(request), request?.webhook?.newer]),
      [
        ['third', '{"type":"third","timestamp":"1970-01-01T00:00:00.000Z","data":{"amount":7,"currency":"EUR"}}', []],
        ['second', '{"type":"second","timestamp":"1970-01-01T00:00:00.000Z","data":{"amount":"7"}}', ['third']],
        ['first', '{"cents":7}', ['second', 'third']],
      ],
    )
    assert.equal(beforeThat?.webhook?.older, undefined)
    assert.deepEqual(
      [made, before, beforeThat].map(request => request?.idempotencyKey),
      ['k', undefined, undefined],
    )
    assert.throws(() => send('first', { cents: 1 }), WebhookReplacedError)
    assert.throws(() => send('second', { amount: '1' }), /"second" is replaced by "third"/)
  })

  it('is refused where the earlier form does not take what "as" gives, which names that form', async () => {
    const older = webhook.post({ data: z.object({ id: z.string() }) })
    const newer = webhook.post({
      data: z.object({ id: z.number() }),
      replaces: { webhook: older, since: '2026-01-01', as: ({ id }) => ({ id: id as unknown as string }) },
    })
    assert.throws(() => sender({ older, newer })('newer', { id: 7 }), {
      code: 'ERR_CALLBACK_ARGUMENT',
      message: 'The webhook "older" cannot be sent: body at "#/id": Invalid input: expected string, received number',
    })
  })

  it('waits for schemas that have to, and gives "as" what a codec makes of the data', async () => {
    const day = z.codec(z.string(), z.date(), {
      decode: written => new Date(written),
      encode: date => date.toISOString().slice(0, 10),
    })
    const older = webhook.post({ data: z.object({ year: z.number().refine(async year => year > 0) }) })
    const newer = webhook.post({
      data: z.object({ day }),
      replaces: { webhook: older, since: '2026-01-01', as: ({ day }) => ({ year: day.getUTCFullYear() }) },
    })
    const making = sender({ older, newer })('newer', { day: '2026-05-17' })
    assert.ok(making instanceof Promise)
    const made = await making
    assert.match(bodyOf(made), /"data":{"day":"2026-05-17"}}$/)
    assert.match(bodyOf(made.webhook?.older), /"data":{"year":2026}}$/)
  })

  const wrong: readonly (readonly [what: string, data: unknown, options: unknown, message: RegExp])[] = [
    ['data that does not fit', { id: 7 }, { owner }, /The webhook "paid" cannot be sent: body at "#\/id"/],
    ['no data', undefined, { owner }, /The webhook "paid" cannot be sent: body at "#"/],
    ['an unknown option', { id: '' }, { owner, recipient: 'a' }, /Unknown key "recipient" in its options/],
    ['options that are none', { id: '' }, null, /the options are null; give an object/],
    ['two times', { id: '' }, { owner, at: new Date(), delayMs: 1 }, /"at" and "delayMs" both set the time/],
    ['a wrong timestamp', { id: '' }, { owner, timestamp: '2026' }, /"timestamp" is "2026"; give a valid Date/],
    ['an invalid timestamp', { id: '' }, { owner, timestamp: new Date(Number.NaN) }, /"timestamp" is Invalid Date/],
    ['a timestamp without a year', { id: '' }, { owner, timestamp: new Date(8e15) }, /of a year up to 9999/],
    [
      'channels that are no list',
      { id: '' },
      { owner, channels: 'eu' },
      /at "#\/channels" of its options: give a list of names/,
    ],
    [
      'six channels',
      { id: '' },
      { owner, channels: [...'abcdef'] },
      /at "#\/channels" of its options: it has 6 channels; give at most 5/,
    ],
    ...['', 'a b', 'x'.repeat(129), 'a\u0000', '\ud800', undefined, 7].map(
      name =>
        [
          'a wrong channel',
          { id: '' },
          { owner, channels: ['eu', name] },
          /at "#\/channels\/1" of its options: /,
        ] as const,
    ),
  ]
  for (const [what, data, options, message] of wrong)
    it(`is refused with ${what}`, async () => {
      const send = sender({ paid: webhook.post({ data: Paid }) })
      await assert.rejects(
        async () => send('paid', data, options as object),
        error => error instanceof CallbackArgumentError && message.test(error.message),
      )
    })

  for (const given of [undefined, '', null, 7, 'a\u0007', 'x'.repeat(257), '\ud800', Symbol('everyone')])
    it(`is refused for the owner ${JSON.stringify(String(given)).slice(0, 20)}`, () => {
      const send = sender({ paid: webhook.post({ data: Paid }) })
      assert.throws(() => send('paid', { id: '' }, { owner: given }), { name: 'RangeError', message: /"owner"/ })
    })

  it('is not sent by the application where endpoints tell it themselves', () => {
    const send = sender({ ...endpointEvents })
    assert.throws(
      () => send('endpoint.failing', {}),
      /The webhook "endpoint.failing" cannot be sent: endpoints tell it/,
    )
  })

  it('needs data for its envelope, even where the schema does not', () => {
    const send = sender({ maybe: webhook.post({ data: z.string().optional() }) })
    assert.throws(
      () => send('maybe', undefined),
      /The webhook "maybe" cannot be sent: body at "#": A value is required/,
    )
  })
})
