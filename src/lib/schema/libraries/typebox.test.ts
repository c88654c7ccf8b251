import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import Type from 'typebox'
import { Settings } from 'typebox/system'
import { compileSchema } from '../compiled-schema.ts'
import type { Input, Output } from '../schema.ts'
import { typebox } from './typebox.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const pointersOf = (schema: Parameters<typeof typebox>[0], value: unknown) => {
  const result = compileSchema(typebox(schema), 'body', ['input']).validate(value)
  assert.ok(!(result instanceof Promise))
  return result.issues?.map(({ path }) => `/${path?.join('/')}`)
}

describe('typebox', () => {
  test('infers its types from the TypeBox schema', () => {
    const schema = typebox(
      Type.Object({
        id: Type.String(),
        n: Type.Optional(Type.Number()),
        at: Type.Decode(Type.String(), text => new Date(text)),
      }),
    )
    const input: Equal<Input<typeof schema>['id'], string> = true
    const output: Equal<Output<typeof schema>['at'], Date> = true
    assert.ok(input && output)
  })

  test('decodes codecs on the way in', () => {
    const schema = typebox(Type.Object({ n: Type.Decode(Type.String(), text => text.length) }))
    assert.deepEqual(schema['~standard'].validate({ n: 'abc' }), { value: { n: 3 } })
  })

  test('fills defaults in without changing what it was given', () => {
    const schema = typebox(
      Type.Object({ n: Type.Number({ default: 3 }), o: Type.Optional(Type.Number({ default: 4 })) }),
    )
    const given = Object.freeze({})
    assert.deepEqual(schema['~standard'].validate(given), { value: { n: 3, o: 4 } })
    assert.equal(compileSchema(schema, 'body').input['required'], undefined)
    assert.deepEqual(compileSchema(schema, 'body').output['required'], ['n', 'o'])
  })

  test('gives the same value where nothing is filled in or decoded', () => {
    const value = { a: 'x' }
    const result = typebox(Type.Object({ a: Type.String() }))['~standard'].validate(value)
    assert.equal(result.issues === undefined && result.value, value)
  })

  test('reports all errors and leaves the setting of TypeBox as it was', () => {
    const { maxErrors } = Settings.Get()
    const properties = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`p${index}`, Type.Number()]))
    const wrong = Object.fromEntries(Object.keys(properties).map(name => [name, 'x']))
    assert.equal(pointersOf(Type.Object(properties), wrong)?.length, 12)
    assert.equal(Settings.Get().maxErrors, maxErrors)
  })

  test('points at properties that are missing, undeclared or of the wrong type', () => {
    const schema = Type.Object(
      { 'a/b': Type.Object({ x: Type.Number() }), c: Type.String() },
      { additionalProperties: Type.Number() },
    )
    assert.deepEqual(pointersOf(schema, { 'a/b': {}, more: 'x' }), ['/a/b/x', '/c', '/more'])
  })

  test('points at a union, or at what is wrong in the branch that a constant chooses', () => {
    const plain = Type.Object({ u: Type.Union([Type.String({ minLength: 3 }), Type.Number()]) })
    assert.deepEqual(pointersOf(plain, { u: 'a' }), ['/u'])
    const Shape = Type.Union([
      Type.Object({ k: Type.Literal('a'), x: Type.Number() }),
      Type.Object({ k: Type.Literal('b'), inner: Type.Array(plain) }),
    ])
    assert.deepEqual(pointersOf(Type.Array(Shape), [{ k: 'a' }, { k: 'b', inner: [{ u: true }] }, { k: 'c' }]), [
      '/0/x',
      '/1/inner/0/u',
      '/2/k',
    ])
  })

  test('points into unions of a recursive type', () => {
    const schema = Type.Cyclic(
      {
        Leaf: Type.Object({ k: Type.Literal('leaf'), n: Type.Number() }),
        Pair: Type.Object({
          k: Type.Literal('pair'),
          of: Type.Array(Type.Union([Type.Ref('Leaf'), Type.Ref('Pair')])),
        }),
      },
      'Pair',
    )
    assert.deepEqual(pointersOf(schema, { k: 'pair', of: [{ k: 'pair', of: [{ k: 'leaf', n: 'x' }] }] }), [
      '/of/0/of/0/n',
    ])
  })

  test('gives a message where TypeBox has none', () => {
    assert.deepEqual(pointersOf(Type.Object({ a: Type.Refine(Type.String(), text => text === 'x') }), { a: 'y' }), [
      '/a',
    ])
  })
})
