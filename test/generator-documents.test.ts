import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callback, Ringback } from 'ringback'
import type { OpenApiDocument } from 'ringback/openapi'
import { z } from 'zod'
import { documentsOfApplications } from './clients/documents.ts'
import { awkwardApplication } from './programs/awkward.ts'
import { assertLinted, assertValid } from './support/check-document.ts'

describe('The document for strict generators', () => {
  const documents = documentsOfApplications()
  for (const [name, document] of Object.entries(documents))
    it(`contains nothing that they refuse: ${name}`, () => assertValid(document))

  it('is what a linter wants', async () => {
    // The rule about path parameters refuses to look into a callback of a callback.
    const { fuzzed: _, nested: __, ...linted } = documents
    await assertLinted(linted)
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
