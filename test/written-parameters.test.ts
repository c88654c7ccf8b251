import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import {
  type Arbitrary,
  array,
  asyncProperty,
  boolean,
  dictionary,
  double,
  assert as hold,
  record,
  string,
} from 'fast-check'
import { Ringback, type Schema } from 'ringback'
import { serve } from 'ringback/node'
import type { ParameterObject } from 'ringback/openapi'
import { typebox } from 'ringback/typebox'
import { Type } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { writeParameters } from './support/write-parameters.ts'

/** The schemas, the same in four libraries. */
interface Kit {
  number: unknown
  boolean: unknown
  text: unknown
  list(item: never): unknown
  object(properties: never): unknown
  record(item: never): unknown
  finished(schema: never): Schema
}

const KITS: Readonly<Record<string, Kit>> = {
  zod: {
    number: z.number(),
    boolean: z.boolean(),
    text: z.string(),
    list: (item: z.ZodType) => z.array(item),
    object: (properties: z.ZodRawShape) => z.object(properties),
    record: (item: z.ZodType) => z.record(z.string(), item),
    finished: (schema: Schema) => schema,
  },
  arktype: {
    number: type('number'),
    boolean: type('boolean'),
    text: type('string'),
    list: (item: type.Any) => item.array(),
    object: (properties: object) => type(properties as never),
    record: (item: type.Any) => type({ '[string]': item }),
    finished: (schema: Schema) => schema,
  },
  valibot: {
    number: v.number(),
    boolean: v.boolean(),
    text: v.string(),
    list: (item: v.GenericSchema) => v.array(item),
    object: (properties: v.ObjectEntries) => v.object(properties),
    record: (item: v.GenericSchema) => v.record(v.string(), item),
    finished: (schema: v.GenericSchema) => toStandardJsonSchema(schema),
  },
  typebox: {
    number: Type.Number(),
    boolean: Type.Boolean(),
    text: Type.String(),
    list: (item: Type.TSchema) => Type.Array(item),
    object: (properties: Type.TProperties) => Type.Object(properties),
    record: (item: Type.TSchema) => Type.Record(Type.String(), item),
    finished: (schema: Type.TSchema) => typebox(schema),
  },
}

const TEMPLATE = '/p/{number}/{flag}/{text}/{texts}/{numbers}'

function applicationOf(kit: Kit): Ringback {
  const make = kit as { [K in keyof Kit]: (argument?: unknown) => unknown } & Pick<Kit, 'number' | 'boolean' | 'text'>
  const plain = {
    number: kit.number,
    flag: kit.boolean,
    text: kit.text,
    texts: make.list(kit.text),
    numbers: make.list(kit.number),
  }
  const inner = make.object({ number: kit.number, texts: make.list(kit.text) })
  const deep = make.object({ text: kit.text, flag: kit.boolean, inner })
  const schema = (properties: object) => make.finished(make.object(properties)) as Schema
  const app = new Ringback({ title: 'Written', version: '1' })
  app.get(
    TEMPLATE,
    {
      params: schema(plain),
      query: schema({ ...plain, deep, names: make.record(kit.text) }),
      headers: schema(Object.fromEntries(Object.entries(plain).map(([name, value]) => [`x-${name}`, value]))),
      cookies: schema(plain),
      response: z.unknown(),
    },
    ({ params, query, headers, cookies }) => ({ path: params, query, header: headers, cookie: cookies }),
  )
  app.get(
    '/open',
    { query: make.finished(make.record(kit.text)) as Schema, response: z.unknown() },
    ({ query }) => query,
  )
  return app
}

const number = double({ noNaN: true, noDefaultInfinity: true }).map(value => (value === 0 ? 0 : value))
const text = string({ unit: 'binary', maxLength: 12 })
const ascii = string({ unit: 'grapheme-ascii', maxLength: 12 })
const headerText = ascii.map(value => value.trim())
/** Libraries drop these names from records. */
const freeName = text.filter(name => !['__proto__', 'prototype', 'constructor'].includes(name))
/** Brackets and the end of a name have no escape in a deep object. */
const key = freeName.map(value => value.replaceAll(/[[\]]/g, '|'))
/** A list of one empty text is written like an empty list. */
const listOf = <T>(item: Arbitrary<T>) =>
  array(item, { minLength: 1, maxLength: 4 }).filter(list => list.length > 1 || list[0] !== '')

const plainOf = (written: Arbitrary<string>, item: Arbitrary<string> = written) =>
  record(
    { number, flag: boolean(), text: written, texts: listOf(item), numbers: listOf(number) },
    { noNullPrototype: true },
  )

/** An empty segment makes another path, and one or two dots are not a segment (WHATWG URL). */
const isSegment = (value: string) => value !== '' && value !== '.' && value !== '..'

const values = record(
  {
    path: plainOf(text.filter(isSegment), text).filter(({ texts }) => isSegment(texts.join())),
    query: record(
      {
        plain: plainOf(text),
        deep: record(
          { text, flag: boolean(), inner: record({ number, texts: listOf(text) }, { noNullPrototype: true }) },
          { noNullPrototype: true },
        ),
        names: dictionary(key, text, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      },
      { noNullPrototype: true },
    ).map(({ plain, ...objects }) => ({ ...plain, ...objects })),
    header: plainOf(
      headerText,
      headerText.map(value => value.replaceAll(',', ';').trim()),
    ),
    cookie: plainOf(text),
  },
  { noNullPrototype: true },
)

/** By the document's `in` and `name`. */
const named = (all: Readonly<Record<string, object>>) =>
  Object.fromEntries(
    Object.entries(all).flatMap(([location, group]) =>
      Object.entries(group).map(([name, value]) => [
        `${location} ${location === 'header' ? `x-${name}` : name}`,
        value,
      ]),
    ),
  )

const parametersOf = (app: Ringback, path: string) =>
  (app.openapi().paths?.[path]?.get?.parameters ?? []) as readonly ParameterObject[]

type Send = (url: string, headers: Record<string, string>) => Promise<Response>

const roundTrip = (app: Ringback, send: Send) =>
  asyncProperty(values, async all => {
    const { path, query, headers } = writeParameters(TEMPLATE, parametersOf(app, TEMPLATE), named(all))
    const response = await send(`${path}?${query}`, headers)
    const header = Object.fromEntries(Object.entries(all.header).map(([name, value]) => [`x-${name}`, value]))
    assert.deepEqual(await response.json(), { ...all, header })
  })

for (const [library, kit] of Object.entries(KITS)) {
  const app = applicationOf(kit)
  const send: Send = async (url, headers) => app.fetch(new Request(`http://a${url}`, { headers }))

  test(`values that a client writes by the document are read back, in ${library}`, async () => {
    await hold(roundTrip(app, send), { numRuns: 100 })
  })

  test(`free names are read back, in ${library}`, async () => {
    await hold(
      asyncProperty(dictionary(freeName, text, { noNullPrototype: true }), async others => {
        const { query } = writeParameters('/open', parametersOf(app, '/open'), { 'query others': others })
        assert.deepEqual(await (await send(`/open?${query}`, {})).json(), others)
      }),
      { numRuns: 100 },
    )
  })
}

test('values that a client writes by the document are read back from a socket', async t => {
  const app = applicationOf(KITS['zod']!)
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
  t.after(() => server.close())
  await hold(
    roundTrip(app, (url, headers) => fetch(`http://127.0.0.1:${server.port}${url}`, { headers })),
    { numRuns: 50 },
  )
})
