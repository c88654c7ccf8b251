import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { scope } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from '../../schema/compiled-schema.ts'
import { typebox } from '../../schema/libraries/typebox.ts'
import type { Schema } from '../../schema/schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import type { Side } from '../place.ts'
import { SchemaComponents } from './schema-components.ts'

type Use = readonly [side: Side, schema: Schema]

/** What stands at each use, and the components. */
function describe(...uses: readonly Use[]): { used: SchemaObject[]; schemas: Record<string, SchemaObject> } {
  const components = new SchemaComponents()
  const used = uses.map(([side, schema], index) => {
    const words = `place ${index + 1}`
    return components.schema(compileSchema(schema, words, [side]), side, { words, name: `Place${index + 1}` })
  })
  return { used, schemas: components.finish() }
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const text = { type: 'string' }

test('SchemaComponents leaves a schema without a name where it is used', () => {
  const { used, schemas } = describe(['input', z.object({ a: z.string() })])
  assert.deepEqual(used, [{ type: 'object', properties: { a: text }, required: ['a'] }])
  assert.deepEqual(schemas, {})
})

test('SchemaComponents splits a schema whose sides differ, and whatever refers to it', () => {
  const Line = z.object({ count: z.number().default(1) }).meta({ id: 'Line' })
  const Order = z.object({ lines: z.array(Line) }).meta({ id: 'Order' })
  const Plain = z.object({ a: z.string() }).meta({ id: 'Plain' })
  const both = z.object({ order: Order, plain: Plain })
  const { used, schemas } = describe(['input', both], ['output', both])
  assert.deepEqual(Object.keys(schemas), ['Line', 'LineOutput', 'Order', 'OrderOutput', 'Plain'])
  const count = { default: 1, type: 'number' }
  assert.deepEqual(schemas['Line'], { type: 'object', properties: { count } })
  assert.deepEqual(schemas['LineOutput'], { type: 'object', properties: { count }, required: ['count'] })
  assert.deepEqual(schemas['OrderOutput']?.['properties'], { lines: { type: 'array', items: reference('LineOutput') } })
  assert.deepEqual(used[1]?.['properties'], { order: reference('OrderOutput'), plain: reference('Plain') })
})

test('SchemaComponents keeps the plain name of a schema of which only one side is used', () => {
  const Line = z.object({ count: z.number().default(1) }).meta({ id: 'Line' })
  assert.deepEqual(Object.keys(describe(['output', Line], ['output', z.array(Line)]).schemas), ['Line'])
})

test('SchemaComponents describes one side of a schema whose other side cannot be described', () => {
  const Line = z.object({ a: z.string() }).meta({ id: 'Line' })
  const at = z
    .date()
    .transform(date => date.toISOString())
    .pipe(z.string())
  const { used, schemas } = describe(['input', Line], ['output', z.object({ at, line: Line })])
  assert.deepEqual(used[1]?.['properties'], { at: text, line: reference('Line') })
  assert.deepEqual(Object.keys(schemas), ['Line'])
})

test('SchemaComponents keeps a schema closed that its author closed', () => {
  const Strict = z.strictObject({ a: z.string() }).meta({ id: 'Strict' })
  const { schemas } = describe(['input', Strict], ['output', Strict])
  assert.deepEqual(Object.keys(schemas), ['Strict'])
  assert.equal(schemas['Strict']?.['additionalProperties'], false)
})

const Named = z
  .object({
    name: z.string(),
    get parts() {
      return z.array(Named)
    },
  })
  .meta({ id: 'Named' })

const Unnamed = z.object({
  name: z.string(),
  get parts() {
    return z.array(Unnamed)
  },
})

const tree = (name: string) => ({
  type: 'object',
  properties: { name: text, parts: { type: 'array', items: reference(name) } },
  required: ['name', 'parts'],
})

test('SchemaComponents makes a named schema that contains itself one component', () => {
  const { used, schemas } = describe(['output', z.object({ one: Named.describe('One') })])
  assert.deepEqual(used[0]?.['properties'], { one: { description: 'One', ...reference('Named') } })
  assert.deepEqual(schemas, { Named: tree('Named') })
})

test('SchemaComponents names an unnamed schema that contains itself after its first place, once for all places', () => {
  const Holder = z.object({ tree: Unnamed }).meta({ id: 'Holder' })
  const uses: Use[] = [
    ['input', Unnamed],
    ['output', z.object({ first: Unnamed, second: Unnamed })],
    ['input', Holder],
    ['output', z.object({ holder: Holder, tree: Unnamed })],
  ]
  const { used, schemas } = describe(...uses)
  assert.deepEqual(Object.keys(schemas), ['Holder', 'Place1'])
  assert.deepEqual(schemas['Place1'], tree('Place1'))
  assert.deepEqual(used[0], reference('Place1'))
  assert.deepEqual(used[3]?.['properties'], { holder: reference('Holder'), tree: reference('Place1') })
})

test('SchemaComponents gives two different unnamed schemas two names, and takes none that is taken', () => {
  const Counted = z.object({
    count: z.number(),
    get parts() {
      return z.array(Counted)
    },
  })
  const Taken = z.object({ a: z.string() }).meta({ id: 'Place1Node_2' })
  const { schemas } = describe(['input', z.object({ named: Unnamed, counted: Counted })], ['input', Taken])
  assert.deepEqual(Object.keys(schemas), ['Place1Node', 'Place1Node_2', 'Place1Node_3'])
})

test('SchemaComponents refuses one name for two different schemas and names both places', () => {
  const one = z.object({ a: z.string() }).meta({ id: 'Twice' })
  const two = z.object({ a: z.number() }).meta({ id: 'Twice' })
  assert.throws(() => describe(['input', one], ['input', z.array(two)]), {
    name: 'DefinitionError',
    message:
      'The schema name "Twice" is used for two different schemas, one in place 1 and one in place 2: give one of them another name',
  })
})

test('SchemaComponents takes the same schema under one name from two objects', () => {
  const one = z.object({ a: z.string(), b: z.string() }).meta({ id: 'Same' })
  const two = z.object({ b: z.string(), a: z.string() }).meta({ id: 'Same' })
  assert.deepEqual(Object.keys(describe(['input', one], ['input', z.array(two)]).schemas), ['Same'])
})

interface Part {
  readonly name: string
  readonly parts: readonly Part[]
}

const valibotPart: v.GenericSchema<Part> = v.pipe(
  v.object({ name: v.string(), parts: v.array(v.lazy(() => valibotPart)) }),
  v.metadata({ id: 'Part' }),
)
const typeboxModule = Type.Module({ Part: Type.Object({ name: Type.String(), parts: Type.Array(Type.Ref('Part')) }) })
const arktypePart = scope({ Part: { name: 'string', parts: 'Part[]' } }).export().Part

const recursive: Readonly<Record<string, Schema>> = {
  Valibot: toStandardJsonSchema(valibotPart),
  TypeBox: typebox(typeboxModule.Part),
}

for (const [library, schema] of Object.entries(recursive))
  test(`SchemaComponents describes a schema of ${library} that contains itself`, () => {
    const { used, schemas } = describe(['input', schema], ['output', schema])
    const [[name, component] = ['', {}], ...others] = Object.entries(schemas)
    assert.deepEqual(others, [])
    assert.deepEqual(component, tree(name))
    assert.deepEqual(used, [reference(name), reference(name)])
  })

test('SchemaComponents describes a schema of ArkType that contains itself through a list', () => {
  const { used, schemas } = describe(['input', arktypePart], ['output', arktypePart])
  const parts = reference('Place1Node_2')
  assert.deepEqual(used, [reference('Place1Node'), reference('Place1Node')])
  assert.deepEqual(schemas, {
    Place1Node: { type: 'object', properties: { name: text, parts }, required: ['name', 'parts'] },
    Place1Node_2: { type: 'array', items: reference('Place1Node') },
  })
})
