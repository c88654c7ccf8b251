import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type } from 'arktype'
import { assert as check, constantFrom, integer, property } from 'fast-check'
import { beginningOf, wrongBeginningOf } from './beginning.ts'
import { compileSchema } from './compiled-schema.ts'

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))

test('beginningOf is undefined for a small value, and gives the first values of a large one in their order', () => {
  assert.equal(beginningOf([1, [2, 3], { a: 4 }], 7), undefined)
  const whole = { a: [1, 2, 3], b: { c: [4, 5], d: 6 }, e: 7 }
  const beginning = beginningOf(whole, 7)
  assert.ok(beginning)
  assert.deepEqual(beginning.value, { a: [1, 2, 3], b: { c: [], d: 6 }, e: 7 })
  assert.deepEqual(
    [[], ['a'], ['a', 1], ['b'], ['b', 'c'], ['b', 'c', 0], ['e']].map(path => beginning.isCut(path)),
    [false, false, false, false, true, true, false],
  )
})

test('wrongBeginningOf ends soon after the first mistake, wherever it is', () => {
  const numbers = type({ list: 'number[]' })
  check(
    property(integer({ min: 1_100, max: 30_000 }), integer({ min: 0, max: 29_999 }), (length, place) => {
      const wrong = Math.min(place, length - 1)
      const whole = { list: many(length, index => (index < wrong ? 1 : 'x')) }
      const beginning = wrongBeginningOf(whole, value => numbers.allows(value))
      assert.ok(beginning)
      const { list } = beginning.value as typeof whole
      assert.ok(list.length > wrong && list.length <= wrong + 201, `${list.length} of ${wrong}`)
      assert.equal(beginning.isCut(['list']), list.length < length)
    }),
    { numRuns: 50 },
  )
})

test('a large value gets issues for what is wrong in it, as a small one does, and none for what was cut', () => {
  const schemas = {
    short: type('number[] >= 3000'),
    objects: type({ a: 'string.email', b: 'number' }).array(),
    record: type({ '[string]': 'number' }),
  }
  const issuesOf = (name: keyof typeof schemas, value: unknown) => {
    const result = compileSchema(schemas[name], 'body', []).validate(value)
    assert.ok(!(result instanceof Promise))
    return result.issues?.map(({ path }) => path)
  }
  const numbers: unknown[] = many(4_000, () => 1)
  assert.equal(issuesOf('short', numbers), undefined)
  assert.deepEqual(issuesOf('short', numbers.with(3_999, 'x')), [[3_999]])
  assert.deepEqual(issuesOf('short', numbers.slice(0, 2_000)), [[]])
  const objects: unknown[] = many(2_000, () => ({ a: 'a@b.example', b: 1 }))
  assert.deepEqual(issuesOf('objects', objects.with(1_234, { a: 'a@b.example' })), [[1_234, 'b']])
  const record = Object.fromEntries(many(2_000, index => [`k${index}`, index === 1_500 ? 'x' : index]))
  assert.deepEqual(issuesOf('record', record), [['k1500']])
})

test('finding the first mistake in a large value takes little of the thread, wherever it is', () => {
  const schema = compileSchema(
    type({ a: 'string.email', b: 'number', c: 'boolean', d: 'string', e: 'number' }).array(),
    'body',
    [],
  )
  const right = { a: 'a@b.example', b: 1, c: true, d: '', e: 1 }
  check(
    property(integer({ min: 0, max: 8_000 }), constantFrom({}, { a: 1 }, [], null), (first, wrong) => {
      const value = many(16_000, index => (index < first ? right : wrong))
      const before = process.threadCpuUsage()
      assert.ok(schema.validate(value))
      const { user, system } = process.threadCpuUsage(before)
      assert.ok(user + system < 500_000, `${(user + system) / 1_000} ms`)
    }),
    { numRuns: 8 },
  )
})

test('wrongBeginningOf gives nothing of a value that fits, or of which nothing can be cut off', () => {
  const list = Array.from({ length: 1_000 }, () => 1)
  assert.equal(
    wrongBeginningOf(list, () => true),
    undefined,
  )
  const dictionary = Object.fromEntries(list.map((one, index) => [String(index), one]))
  assert.equal(
    wrongBeginningOf(dictionary, () => assert.fail('Nobody needs to know whether it fits')),
    undefined,
  )
})
