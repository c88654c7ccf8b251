import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { callback, Ringback } from '../../src/index.ts'
import type { Schema } from '../../src/lib/schema/schema.ts'
import { memoryStore } from '../../src/testing.ts'
import { typebox } from '../../src/typebox.ts'
import type { Library } from './libraries.ts'

/** Schemas of one meaning in one library, by the last part of the path that takes them as a body. */
type Schemas = Readonly<Record<'strict' | 'record' | 'union' | 'list' | 'formats' | 'query', Schema>>

const standard = (schema: Parameters<typeof toStandardJsonSchema>[0]): Schema => toStandardJsonSchema(schema) as Schema

const schemasOf: Readonly<Record<Library, Schemas>> = {
  zod: {
    strict: z.strictObject({ id: z.string(), total: z.number() }),
    record: z.record(z.string(), z.number()),
    union: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), total: z.number() }),
        z.strictObject({ kind: z.literal('b'), paid: z.boolean() }),
      ]),
    ),
    list: z.array(z.union([z.number(), z.boolean(), z.strictObject({ id: z.string() })])),
    formats: z.looseObject({ email: z.email().optional(), url: z.url().optional(), id: z.uuid().optional() }),
    query: z.strictObject({ id: z.string().optional(), total: z.array(z.number()).optional() }),
  },
  valibot: {
    strict: standard(v.strictObject({ id: v.string(), total: v.number() })),
    record: standard(v.record(v.string(), v.number())),
    union: standard(
      v.array(
        v.variant('kind', [
          v.strictObject({ kind: v.literal('a'), total: v.number() }),
          v.strictObject({ kind: v.literal('b'), paid: v.boolean() }),
        ]),
      ),
    ),
    list: standard(v.array(v.union([v.number(), v.boolean(), v.strictObject({ id: v.string() })]))),
    formats: standard(
      v.looseObject({
        email: v.optional(v.pipe(v.string(), v.email())),
        url: v.optional(v.pipe(v.string(), v.url())),
        id: v.optional(v.pipe(v.string(), v.uuid())),
      }),
    ),
    query: standard(v.strictObject({ id: v.optional(v.string()), total: v.optional(v.array(v.number())) })),
  },
  arktype: {
    strict: type({ '+': 'reject', id: 'string', total: 'number' }),
    record: type({ '[string]': 'number' }),
    union: type({ '+': 'reject', kind: "'a'", total: 'number' })
      .or({ '+': 'reject', kind: "'b'", paid: 'boolean' })
      .array(),
    list: type('number | boolean').or({ '+': 'reject', id: 'string' }).array(),
    formats: type({ 'email?': 'string.email', 'url?': 'string.url', 'id?': 'string.uuid' }),
    query: type({ '+': 'reject', 'id?': 'string', 'total?': 'number[]' }),
  },
  typebox: {
    strict: typebox(Type.Object({ id: Type.String(), total: Type.Number() }, { additionalProperties: false })),
    record: typebox(Type.Record(Type.String(), Type.Number())),
    union: typebox(
      Type.Array(
        Type.Union([
          Type.Object({ kind: Type.Literal('a'), total: Type.Number() }, { additionalProperties: false }),
          Type.Object({ kind: Type.Literal('b'), paid: Type.Boolean() }, { additionalProperties: false }),
        ]),
      ),
    ),
    list: typebox(
      Type.Array(
        Type.Union([
          Type.Number(),
          Type.Boolean(),
          Type.Object({ id: Type.String() }, { additionalProperties: false }),
        ]),
      ),
    ),
    formats: typebox(
      Type.Object({
        email: Type.Optional(Type.String({ format: 'email' })),
        url: Type.Optional(Type.String({ format: 'uri' })),
        id: Type.Optional(Type.String({ format: 'uuid' })),
      }),
    ),
    query: typebox(
      Type.Object(
        { id: Type.Optional(Type.String()), total: Type.Optional(Type.Array(Type.Number())) },
        { additionalProperties: false },
      ),
    ),
  },
}

const response = z.unknown()
const event = { body: z.object({ paid: z.boolean() }) }
const url = z.string().optional()

/** The application under test: what is not read by one of the four libraries is under "/zod" only. */
export function fuzzedApplication(): Ringback {
  const app = new Ringback({
    title: 'Fuzzed',
    version: '1.0.0',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    docs: { openapi: false },
    delivery: { store: memoryStore(), signing: { masterSecret: 'f'.repeat(32) }, worker: false },
  })
  for (const [library, { query, ...bodies }] of Object.entries(schemasOf)) {
    for (const [name, body] of Object.entries(bodies))
      app.post(`/${library}/${name}`, { body, response }, async () => 1)
    app.get(`/${library}/query`, { query, response }, async () => 1)
  }
  addParameters(app)
  addCallbacks(app)
  return app
}

function addParameters(app: Ringback): void {
  const cookies = z.object({ id: z.string(), total: z.number() })
  const headers = z.object({ 'x-id': z.uuid(), 'x-total': z.array(z.number()) })
  app.get('/parameters/{id}', { params: z.object({ id: z.int() }), cookies, headers, response }, async () => 1)
}

function addCallbacks(app: Ringback): void {
  const paid = (expression: '{$request.body#/url}/paid') => ({ paid: callback.post(expression, event) })
  app.post(
    '/callback/body',
    { body: z.object({ url: z.string() }), response, callbacks: paid('{$request.body#/url}/paid') },
    async ({ callbacks }) => callbacks.paid.send({ paid: true }),
  )
  app.post(
    '/callback/query',
    { query: z.object({ url }), response, callbacks: { paid: callback.post('{$request.query.url}/paid', event) } },
    async ({ callbacks }) => callbacks.paid?.send({ paid: true }),
  )
  app.post(
    '/callback/header',
    {
      headers: z.object({ 'x-url': url }),
      response,
      callbacks: { paid: callback.post('{$request.header.x-url}', event) },
    },
    async ({ callbacks }) => callbacks.paid?.send({ paid: true }),
  )
}
