import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callback, Ringback } from 'ringback'
import type { OpenApiDocument } from 'ringback/openapi'
import { z } from 'zod'
import { app as ask } from '../examples/ask-receiver.ts'
import { app as invoices } from '../examples/invoices.ts'
import { fuzzedApplication } from './fuzz/applications.ts'
import { assertLinted, assertValid } from './support/check-document.ts'
import { refusedIn } from './support/refused-constructs.ts'

const Card = z.object({ kind: z.literal('card'), number: z.string() }).meta({ id: 'Card' })
const Transfer = z.object({ kind: z.literal('transfer'), iban: z.string() }).meta({ id: 'Transfer' })
const Numbered = z.object({ kind: z.literal(3), iban: z.string() }).meta({ id: 'Numbered' })

/** Everything that a generator is known to refuse. */
const awkward = z.object({
  id: z.string(),
  geo: z.tuple([z.number(), z.string()]),
  point: z.tuple([z.number(), z.number()]),
  nothing: z.tuple([]),
  total: z.number().int(),
  status: z.enum(['draft', 'open']).nullable().default('draft'),
  level: z.literal([1, 2, 3]),
  either: z.union([z.string(), z.number(), z.null()]),
  names: z.record(z.enum(['a', 'b']), z.number()),
  payment: z.discriminatedUnion('kind', [Card, Transfer]),
  inline: z.discriminatedUnion('kind', [Card, z.object({ kind: z.literal('cash') })]),
  numbered: z.discriminatedUnion('kind', [Card, Numbered]),
  any: z.json(),
})

function awkwardApplication(): Ringback {
  const app = new Ringback({ title: 'Awkward', version: '1.0.0' })
  const paid = callback.post('{$callback_url}/{$request.body#/id}', { body: awkward, response: awkward })
  const query = z.object({ callback_url: z.url() })
  app.post('/payments', { query, body: awkward, response: awkward, callbacks: { paid } }, async () => assert.fail())
  return app
}

const applications = {
  ask: () => ask,
  invoices: () => invoices,
  awkward: awkwardApplication,
  fuzzed: fuzzedApplication as unknown as () => Ringback,
}

describe('The document for strict generators', () => {
  for (const [name, create] of Object.entries(applications))
    it(`contains nothing that they refuse: ${name}`, async () => {
      const document = create().openapi()
      await assertValid(document)
      assert.deepEqual(refusedIn(document), [])
      if (name !== 'fuzzed') await assertLinted({ [name]: document })
    })

  it('names the property that tells components apart, and nothing where a branch or a constant has no name', () => {
    const { payment, inline, numbered } = bodyOf(awkwardApplication().openapi())
    const reference = (component: string) => `#/components/schemas/${component}`
    assert.deepEqual(payment, {
      oneOf: [{ $ref: reference('Card') }, { $ref: reference('Transfer') }],
      discriminator: {
        propertyName: 'kind',
        mapping: { card: reference('Card'), transfer: reference('Transfer') },
      },
    })
    assert.ok(inline?.['oneOf'] && !('discriminator' in inline))
    assert.ok(numbered?.['oneOf'] && !('discriminator' in numbered))
  })

  it('declares the 410 by which a receiver ends a delivery, in the words of the definition where it has some', () => {
    const app = new Ringback({ title: 'Gone', version: '1.0.0' })
    const query = z.object({ callback_url: z.url() })
    const callbacks = {
      plain: callback.post('{$callback_url}/plain', {}),
      told: callback.post('{$callback_url}/told', { responses: { 410: { description: 'No longer here' } } }),
    }
    app.post('/', { query, callbacks }, async () => {})
    const described = Object.values(app.openapi().paths?.['/']?.post?.callbacks ?? {}).flatMap(item => {
      const [operation] = Object.values(item)
      return (operation as { post: { responses: Record<string, unknown> } }).post.responses['410']
    })
    assert.deepEqual(described, [
      { description: 'Ends the delivery: the request is not sent again' },
      { description: 'No longer here' },
    ])
  })

  it("documents that what a callback's URL reads must not be empty, where nothing else is said by that", () => {
    const app = new Ringback({ title: 'Texts', version: '1.0.0' })
    const Owned = z.object({ id: z.string() }).meta({ id: 'Owned' })
    const Shared = z.object({ id: z.string() }).meta({ id: 'Shared' })
    const query = z.object({
      callback_url: z.url(),
      run: z.string().nullable(),
      kind: z.enum(['a', 'b']),
      other: z.string(),
    })
    const url = '{$callback_url}/{$request.query.run}/{$request.query.kind}' as const
    const inline = z.object({ id: z.string(), order: z.object({ no: z.string(), date: z.iso.date() }) })
    const callbacks = { paid: callback.post(`${url}/{$request.body#/id}`, {}) }
    const nested = {
      paid: callback.post(`${url}/{$request.body#/order/no}/{$request.body#/order/date}/{$request.header.x-run}`, {}),
    }
    const headers = z.object({ 'x-run': z.string().min(2) })
    app.post('/inline', { query, headers, body: inline, callbacks: nested }, async function inlined() {})
    app.post('/owned', { query, body: Owned, callbacks }, async function owned() {})
    app.post('/shared', { query, body: Shared, response: Shared, callbacks }, async function shared() {
      return { id: '' }
    })
    const { paths, components } = app.openapi()
    const text = { type: 'string' }
    const notEmpty = { type: 'string', minLength: 1 }
    const { parameters, requestBody } = paths?.['/inline']?.post ?? {}
    assert.deepEqual(
      parameters?.map(parameter => ('schema' in parameter ? parameter.schema : undefined)),
      [
        { type: 'string', format: 'uri' },
        { type: ['string', 'null'], minLength: 1 },
        { type: 'string', enum: ['a', 'b'] },
        text,
        { type: 'string', minLength: 2 },
      ],
    )
    assert.deepEqual(requestBody?.content['application/json']?.schema?.properties, {
      id: text,
      order: {
        type: 'object',
        properties: { no: notEmpty, date: { type: 'string', format: 'date' } },
        required: ['no', 'date'],
      },
    })
    assert.deepEqual(components?.schemas?.Owned?.properties, { id: notEmpty })
    assert.deepEqual(components?.schemas?.Shared?.properties, { id: text })
  })
})

function bodyOf(document: OpenApiDocument): Record<string, Record<string, unknown>> {
  const body = document.paths?.['/payments']?.post?.requestBody?.content['application/json']?.schema
  assert.ok(body)
  return body.properties as Record<string, Record<string, unknown>>
}
