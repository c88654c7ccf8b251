import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { z } from 'zod'
import { Ringback } from '../app/ringback.ts'
import { eventStream } from '../operation/bodies/event-stream.ts'
import { jsonLines } from '../operation/bodies/json-lines.ts'
import { stream } from '../operation/bodies/stream.ts'
import { createDocument } from './create-document.ts'

const title = { title: 'Responses', version: '1.0.0' }
const Tick = z.object({ tick: z.number() }).meta({ id: 'Tick' })
const plain = (app: Ringback) => JSON.parse(JSON.stringify(app.openapi()))

async function assertValid(document: object, version: string): Promise<void> {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone(document) as Record<string, unknown>)
  assert.ok(valid, JSON.stringify(errors))
  assert.equal(validator.version, version)
}

function streams(openapiVersion?: '3.1' | '3.2'): Ringback {
  const app = new Ringback({ ...title, ...(openapiVersion && { openapiVersion }) })
  app.get('/events', { response: eventStream(Tick) }, async function* readEvents() {})
  app.get('/lines', { response: jsonLines(Tick) }, async function* readLines() {})
  app.get('/unnamed', { response: jsonLines(z.object({ a: z.string() })) }, async function* readUnnamed() {})
  app.get('/bytes', { response: stream('video/mp4') }, async function* readBytes() {})
  return app
}

describe('streams of items in a document', () => {
  const tick = { $ref: '#/components/schemas/Tick' }
  const content = (
    document: { paths: Record<string, { get: { responses: Record<string, { content: unknown }> } }> },
    path: string,
  ) => document.paths[path]!.get.responses['200']!.content

  it('are text in OpenAPI 3.1, and an extension names the component of an item', async () => {
    const document = plain(streams())
    assert.equal(document.openapi, '3.1.1')
    await assertValid(document, '3.1')
    const described = (item: object) => ({ schema: { type: 'string' }, 'x-itemSchema': item })
    assert.deepEqual(content(document, '/events'), { 'text/event-stream': described(tick) })
    assert.deepEqual(content(document, '/lines'), { 'application/jsonl': described(tick) })
    assert.deepEqual(content(document, '/unnamed'), {
      'application/jsonl': described({ $ref: '#/components/schemas/ReadUnnamedItem200' }),
    })
    assert.deepEqual(Object.keys(document.components.schemas), ['ProblemDetails', 'ReadUnnamedItem200', 'Tick'])
  })

  it('have their own keyword in OpenAPI 3.2, where an event is what it is once parsed', async () => {
    const document = plain(streams('3.2'))
    assert.equal(document.openapi, '3.2.0')
    await assertValid(document, '3.2')
    assert.deepEqual(content(document, '/lines'), { 'application/jsonl': { itemSchema: tick } })
    assert.deepEqual(content(document, '/events'), {
      'text/event-stream': {
        itemSchema: {
          type: 'object',
          properties: {
            event: { type: 'string' },
            id: { type: 'string' },
            retry: { type: 'integer', minimum: 0 },
            data: { type: 'string', contentMediaType: 'application/json', contentSchema: tick },
          },
          required: ['data'],
        },
      },
    })
    assert.deepEqual(content(document, '/bytes'), { 'video/mp4': { schema: { type: 'string', format: 'binary' } } })
  })

  it('come in a known version only', () => {
    assert.throws(
      () => new Ringback({ ...title, openapiVersion: '3.0' as never }),
      /"openapiVersion" is "3.0": give "3.1" or "3.2"/,
    )
    assert.equal(createDocument([], { ...title, openapiVersion: '3.2' }).openapi, '3.2.0')
  })
})

describe('an operation that says nothing of its response', () => {
  it('is documented as a success, whatever its handler responds itself', async () => {
    const app = new Ringback(title)
    app.get('/own', {}, () => new Response('hello', { status: 201 }))
    app.get('/ok', { status: 200, responseDescription: 'A page' }, () => new Response('hello'))
    app.delete('/none', { status: 204 }, () => {})
    const content = { 'text/plain': { schema: { type: 'string' } } }
    const openapi = { responses: { 200: { description: 'As described', content } } }
    app.get('/by-hand', { openapi }, () => new Response('hello'))
    const { paths } = plain(app)
    const responsesOf = (path: string, method = 'get') => {
      const { default: _, ...responses } = paths[path][method].responses
      return responses
    }
    const description = 'Success: no content, or whatever response the handler sends'
    assert.deepEqual(responsesOf('/own'), { '2XX': { description } })
    assert.deepEqual(responsesOf('/ok'), { 200: { description: 'A page' } })
    assert.deepEqual(responsesOf('/none', 'delete'), { 204: { description: 'No Content' } })
    assert.deepEqual(responsesOf('/by-hand'), { 200: { description: 'As described', content } })
    await assertValid(plain(app), '3.1')
  })
})
