import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { Ringback } from '../app/ringback.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { typebox } from '../schema/libraries/typebox.ts'

const newApp = () => new Ringback({ title: 't', version: '1' })
const query = z.object({ callback_url: z.url() })

const number = () => z.object({ a: z.number() }).meta({ id: 'Event' })
const secret = () => z.object({ secret: z.string() }).meta({ id: 'Event' })

/** Each gives two different schemas one name, with the words of both places. */
const CLASHES: Readonly<Record<string, readonly [(app: Ringback) => void, RegExp, RegExp]>> = {
  'body and response': [
    app => app.post('/a', { body: number(), response: secret() }, () => ({ secret: '' })),
    /"body" of POST \/a/,
    /the response of status 200 of POST \/a/,
  ],
  'body of one operation and response of another': [
    app => {
      app.get('/b', { response: secret() }, () => ({ secret: '' }))
      app.post('/a', { body: number() }, () => {})
    },
    /the response of status 200 of GET \/b/,
    /"body" of POST \/a/,
  ],
  'deep inside of both': [
    app =>
      app.post('/a', { body: z.object({ list: z.array(number()) }), response: z.array(secret().nullable()) }, () => []),
    /"body" of POST \/a/,
    /the response of status 200 of POST \/a/,
  ],
  'body and callback': [
    app => {
      const note = callback.post('{$callback_url}', { body: secret() })
      app.post('/a', { query, body: number(), callbacks: { note } }, () => {})
    },
    /"body" of POST \/a/,
    /"body" of the callback "note" of POST \/a/,
  ],
  'response and that of a receiver': [
    app => {
      const note = callback.post('{$callback_url}', { response: secret() })
      app.post('/a', { query, response: number(), callbacks: { note } }, () => ({ a: 1 }))
    },
    /the response of status 200 of POST \/a/,
    /the response of status 200 of the callback "note" of POST \/a/,
  ],
  'a header of a request and one of a response': [
    app => {
      const request = z.object({ 'x-kind': z.enum(['a', 'b']).meta({ id: 'Kind' }) })
      const sent = z.object({ 'x-kind': z.enum(['c']).meta({ id: 'Kind' }) })
      app.get('/a', { headers: request, responseHeaders: sent, response: z.string() }, ({ respond }) =>
        respond(200, '', { headers: { 'x-kind': 'c' } }),
      )
    },
    /"headers" of GET \/a|headers of GET \/a/,
    /the headers of status 200 of GET \/a/,
  ],
  'a parameter of a dependency and a further response': [
    app => {
      const page = dependency({ query: z.object({ limit: z.int().meta({ id: 'Limit' }) }) }, () => 1)
      const body = z.object({ limit: z.string().meta({ id: 'Limit' }) })
      app.get('/a', { dependencies: { page }, responses: { 404: { body } } }, () => {})
    },
    /GET \/a/,
    /the response of status 404 of GET \/a/,
  ],
  'schemas of two libraries': [
    app => {
      const body = type({ a: 'number' }).configure({ alias: 'Event' })
      app.post('/a', { body, response: secret() }, () => ({ secret: '' }))
    },
    /"body" of POST \/a/,
    /the response of status 200 of POST \/a/,
  ],
  'schemas of Valibot and TypeBox': [
    app => {
      const body = toStandardJsonSchema(v.pipe(v.object({ a: v.number() }), v.metadata({ id: 'Event' })))
      const response = typebox(Type.Object({ secret: Type.String() }, { $id: 'Event' }))
      app.post('/a', { body, response }, () => ({ secret: '' }))
    },
    /"body" of POST \/a/,
    /the response of status 200 of POST \/a/,
  ],
  'two of which each differs from itself on its other side': [
    app => {
      const body = z.object({ a: z.number().default(1) }).meta({ id: 'Event' })
      const response = z.object({ b: z.number().default(1) }).meta({ id: 'Event' })
      app.post('/a', { body, response }, () => ({}))
    },
    /"body" of POST \/a/,
    /the response of status 200 of POST \/a/,
  ],
}

describe('One name for two schemas is refused, wherever they stand', () => {
  for (const [name, [define, one, other]] of Object.entries(CLASHES))
    test(name, () => {
      const app = newApp()
      define(app)
      assert.throws(
        () => app.openapi(),
        (error: Error) => {
          assert.equal(error.name, 'DefinitionError')
          assert.match(error.message, /^The schema name "\w+" is used for two different schemas, one in /)
          assert.match(error.message, one)
          assert.match(error.message, other)
          assert.match(error.message, /: give one of them another name$/)
          return true
        },
      )
    })
})

const componentsOf = (app: Ringback) => app.openapi().components?.schemas ?? {}
const own = (app: Ringback) => Object.keys(componentsOf(app)).filter(name => !/Problem/.test(name))

describe('One name for one schema is taken', () => {
  test('whose sides differ', () => {
    const app = newApp()
    const Item = z.object({ a: z.number().default(1) }).meta({ id: 'Item' })
    app.post('/a', { body: z.array(Item), response: z.object({ item: Item }) }, () => ({ item: {} }))
    assert.deepEqual(own(app), ['Item', 'ItemOutput'])
  })

  test('whose sides differ only in what they refer to', () => {
    const app = newApp()
    const Item = z.object({ a: z.number().default(1) }).meta({ id: 'Item' })
    const List = z.object({ items: z.array(Item) }).meta({ id: 'List' })
    app.post('/a', { body: List, response: List }, () => ({ items: [] }))
    assert.deepEqual(own(app), ['Item', 'ItemOutput', 'List', 'ListOutput'])
  })

  test('which cannot be described on the other side, inside of one that can', () => {
    const app = newApp()
    const Item = z.object({ a: z.number().default(1) }).meta({ id: 'Item' })
    const body = z.object({ item: Item, at: z.string().transform(text => new Date(text)) })
    app.post('/a', { body, response: Item }, () => ({}))
    assert.deepEqual(own(app), ['Item', 'ItemOutput'])
  })

  test('which turns into something else on its way', () => {
    const app = newApp()
    const Text = z.object({ a: z.number().default(1) }).meta({ id: 'Text' })
    const body = Text.transform(({ a }) => a).pipe(z.number())
    app.post('/a', { body, response: Text }, () => ({}))
    assert.deepEqual(own(app), ['Text', 'TextOutput'])
  })

  test('which is made anew for each use', () => {
    const app = newApp()
    const made = () => z.object({ a: z.number().default(1) }).meta({ id: 'Item' })
    app.post('/a', { body: made(), response: made() }, () => ({}))
    assert.deepEqual(own(app), ['Item', 'ItemOutput'])
  })
})

describe('A name that ends in "Output"', () => {
  const Item = z.object({ a: z.number().default(1) }).meta({ id: 'Item' })
  const ItemOutput = z.object({ file: z.string() }).meta({ id: 'ItemOutput' })
  const refersTo = (app: Ringback, path: string, status: string) =>
    app.openapi().paths?.[path]?.post?.responses?.[status] as { content: Record<string, { schema: unknown }> }

  for (const [name, order] of Object.entries({ before: ['/o', '/a'], behind: ['/a', '/o'] }))
    test(`may be the user's own, ${name} a schema whose sides differ`, () => {
      const app = newApp()
      for (const path of order)
        if (path === '/a') app.post('/a', { body: Item, response: Item }, () => ({}))
        else app.post('/o', { response: ItemOutput }, () => ({ file: '' }))
      assert.deepEqual(own(app), ['Item', 'ItemOutput', 'ItemOutput_2'])
      assert.deepEqual(Object.keys(componentsOf(app)['ItemOutput']?.['properties'] ?? {}), ['file'])
      const at = (path: string) => refersTo(app, path, '200').content['application/json']?.schema
      assert.deepEqual(at('/a'), { $ref: '#/components/schemas/ItemOutput_2' })
      assert.deepEqual(at('/o'), { $ref: '#/components/schemas/ItemOutput' })
    })

  test("may be the user's own, and have two sides itself", () => {
    const app = newApp()
    const Own = z.object({ b: z.number().default(1) }).meta({ id: 'ItemOutput' })
    app.post('/a', { body: Item, response: Item }, () => ({}))
    app.post('/o', { body: Own, response: Own }, () => ({}))
    assert.deepEqual(own(app), ['Item', 'ItemOutput', 'ItemOutputOutput', 'ItemOutput_2'])
  })

  test('may be the name of an unnamed schema that holds itself', () => {
    const app = newApp()
    const Tree = z.object({
      a: z.number().default(1),
      get kids() {
        return z.array(Tree)
      },
    })
    const Own = z.object({ b: z.string() }).meta({ id: 'MakeBodyOutput' })
    app.post('/a', { body: Tree, response: Own, operationId: 'make' }, () => ({ b: '' }))
    assert.ok(own(app).includes('MakeBodyOutput'))
  })
})
