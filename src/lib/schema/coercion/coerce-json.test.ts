import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { compileSchema } from '../compiled-schema.ts'
import { compileJsonCoercion } from './coerce-json.ts'

const coercionOf = (schema: z.ZodType) => compileJsonCoercion(compileSchema(schema, 'body', ['input']).input)

describe('compileJsonCoercion', () => {
  const decoded: readonly [string, z.ZodType, unknown, unknown][] = [
    ['numbers', z.object({ total: z.number() }), { total: '9999' }, { total: 9999 }],
    ['booleans', z.object({ paid: z.boolean() }), { paid: '1' }, { paid: true }],
    ['lists', z.array(z.int()), ['1', 2, '-3'], [1, 2, -3]],
    ['tuples', z.tuple([z.string(), z.number()], z.boolean()), ['1', '1', '1'], ['1', 1, true]],
    ['records', z.record(z.string(), z.number()), { a: '1' }, { a: 1 }],
    ['nested objects', z.object({ a: z.object({ b: z.number() }).optional() }), { a: { b: '1' } }, { a: { b: 1 } }],
    ['what may be null', z.object({ a: z.number().nullable() }), { a: '1' }, { a: 1 }],
    ['constants', z.object({ a: z.literal([1, 2]) }), { a: '2' }, { a: 2 }],
    ['numbers beside constant text', z.union([z.literal('auto'), z.number()]), '5', 5],
    [
      'intersections',
      z.intersection(z.object({ a: z.number() }), z.object({ b: z.boolean() })),
      { a: '1', b: '0' },
      { a: 1, b: false },
    ],
  ]
  for (const [what, schema, given, expected] of decoded)
    test(`decodes ${what}`, () => assert.deepEqual(coercionOf(schema)(given), expected))

  test('decodes recursive schemas', () => {
    const Node = z.object({
      v: z.number(),
      get kids() {
        return z.array(Node)
      },
    })
    const value = { v: '1', kids: [{ v: '2', kids: [{ v: 'x', kids: [] }] }] }
    assert.deepEqual(coercionOf(Node)(value), { v: 1, kids: [{ v: 2, kids: [{ v: 'x', kids: [] }] }] })
  })

  test('decodes the branch that a constant chooses', () => {
    const schema = z.union([
      z.object({ k: z.literal('number'), x: z.number() }),
      z.object({ k: z.literal('text'), x: z.string() }),
    ])
    assert.deepEqual(coercionOf(schema)({ k: 'number', x: '1' }), { k: 'number', x: 1 })
    assert.deepEqual(coercionOf(schema)({ k: 'text', x: '1' }), { k: 'text', x: '1' })
  })

  describe('in unions whose branches a constant tells apart', () => {
    const U = z.discriminatedUnion('k', [
      z.object({ k: z.literal('n'), v: z.number() }),
      z.object({ k: z.literal('s'), v: z.string() }),
    ])
    const Other = z.discriminatedUnion('t', [
      z.object({ t: z.literal(1), v: z.boolean() }),
      z.object({ t: z.literal(2), v: z.string() }),
    ])
    const n = [
      { k: 'n', v: '5' },
      { k: 'n', v: 5 },
    ] as const
    const s = [
      { k: 's', v: '5' },
      { k: 's', v: '5' },
    ] as const
    const cases: readonly [string, z.ZodType, readonly (readonly [unknown, unknown])[]][] = [
      ['nullable', U.nullable(), [n, s, [null, null]]],
      [
        'optional',
        z.object({ u: U.nullish() }),
        [
          [{ u: n[0] }, { u: n[1] }],
          [{ u: s[0] }, { u: s[0] }],
        ],
      ],
      ['beside a list', U.or(z.array(z.number())), [n, s, [['5'], [5]]]],
      [
        'beside a list of themselves',
        U.or(z.array(U)),
        [
          n,
          s,
          [
            [n[0], s[0]],
            [n[1], s[0]],
          ],
        ],
      ],
      ['beside text', U.or(z.string()), [n, s, ['5', '5']]],
      ['beside a number', U.or(z.number()), [n, s, ['5', 5]]],
      [
        'beside another union',
        U.or(Other),
        [
          n,
          s,
          [
            { t: '1', v: '1' },
            { t: 1, v: true },
          ],
          [
            { t: '2', v: '1' },
            { t: 2, v: '1' },
          ],
        ],
      ],
      [
        'told apart by constants of several types',
        z.discriminatedUnion('k', [
          z.object({ k: z.literal(1), v: z.number() }),
          z.object({ k: z.literal(true), v: z.string() }),
          z.object({ k: z.literal('2'), v: z.boolean() }),
        ]),
        [
          [
            { k: '1', v: '1' },
            { k: 1, v: 1 },
          ],
          [
            { k: 'true', v: '1' },
            { k: true, v: '1' },
          ],
          [
            { k: '2', v: '1' },
            { k: '2', v: true },
          ],
        ],
      ],
      ['beside an object without constants', U.or(z.object({ name: z.string(), v: z.string() })), [n, s]],
      ['inside of another', z.union([z.union([U, z.null()]), Other.nullable()]).nullable(), [n, s]],
      [
        'with two branches of one constant',
        U.or(z.object({ k: z.literal('n'), w: z.number() })),
        [
          n,
          s,
          [
            { k: 'n', w: '5' },
            { k: 'n', w: 5 },
          ],
        ],
      ],
      [
        'with numbers and booleans as constants',
        z.union([
          z.object({ k: z.literal([1, true]), v: z.number() }),
          z.object({ k: z.literal([2, false]), v: z.string() }),
        ]),
        [
          [
            { k: '1', v: '5' },
            { k: 1, v: 5 },
          ],
          [
            { k: 'true', v: '5' },
            { k: true, v: 5 },
          ],
          [
            { k: '2', v: '5' },
            { k: 2, v: '5' },
          ],
          [
            { k: 2, v: '5' },
            { k: 2, v: '5' },
          ],
        ],
      ],
      [
        'where no constant fits',
        U.nullable(),
        [
          [
            { k: 'x', v: '5' },
            { k: 'x', v: '5' },
          ],
          [{ v: '5' }, { v: '5' }],
        ],
      ],
    ]
    for (const [what, schema, pairs] of cases)
      test(what, () => {
        for (const [given, expected] of pairs) assert.deepEqual(coercionOf(schema)(given), expected)
      })

    test('of very many branches', () => {
      const kinds = Array.from({ length: 40 }, (_, index) =>
        z.object({ k: z.literal(`k${index}`), v: index % 2 === 0 ? z.number() : z.string() }),
      )
      const coerce = coercionOf(z.union(kinds).nullable())
      assert.deepEqual(coerce({ k: 'k38', v: '5' }), { k: 'k38', v: 5 })
      assert.deepEqual(coerce({ k: 'k39', v: '5' }), { k: 'k39', v: '5' })
    })

    test('that are recursive', () => {
      const Tree: z.ZodType = z.lazy(() =>
        z.union([
          z.null(),
          z.object({ k: z.literal('leaf'), v: z.number() }),
          z.object({ k: z.literal('node'), v: z.string(), kids: z.array(Tree) }),
        ]),
      )
      const given = { k: 'node', v: '1', kids: [{ k: 'leaf', v: '2' }, null] }
      assert.deepEqual(coercionOf(Tree)(given), { k: 'node', v: '1', kids: [{ k: 'leaf', v: 2 }, null] })
    })
  })

  for (const text of [
    '',
    ' 1',
    '1 ',
    '0x1',
    '1_000',
    '1e999',
    '-1e999',
    '+1',
    '.5',
    '1.',
    '01',
    'NaN',
    'Infinity',
    '１',
  ])
    test(`leaves ${JSON.stringify(text)} text, which is not a JSON number`, () => {
      assert.equal(coercionOf(z.number())(text), text)
    })

  test('leaves digits that a double would change as text', () => {
    assert.equal(coercionOf(z.number())('9007199254740991'), 9007199254740991)
    assert.equal(coercionOf(z.number())('9007199254740993'), '9007199254740993')
  })

  test('never decodes where a schema takes text', () => {
    for (const schema of [
      z.string(),
      z.union([z.number(), z.string()]),
      z.unknown(),
      z.enum(['1', '2']).or(z.number()),
    ])
      assert.equal(coercionOf(schema)('1'), '1')
  })

  test('treats "__proto__" and the like as ordinary names', () => {
    const value = JSON.parse('{"__proto__":"1","a":"1"}') as object
    const coerced = coercionOf(z.record(z.string(), z.number()))(value) as object
    assert.deepEqual(Object.entries(coerced), [
      ['__proto__', 1],
      ['a', 1],
    ])
    assert.equal(Object.getPrototypeOf(coerced), Object.prototype)
  })

  const schema = z.object({
    number: z.number(),
    text: z.string(),
    either: z.union([z.number(), z.string()]).optional(),
    flags: z.array(z.boolean()).optional(),
    map: z.record(z.string(), z.union([z.literal('1'), z.number()])).optional(),
  })
  const coerce = coercionOf(schema)
  const text = fc.oneof(fc.double().map(String), fc.constantFrom('1', '0', 'true', 'null', '1e400', ''), fc.string())
  const json = fc.record(
    {
      number: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text),
      text,
      either: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text),
      flags: fc.array(fc.oneof(fc.boolean(), text)),
      map: fc.dictionary(fc.string(), fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text)),
    },
    { requiredKeys: ['text'] },
  )

  test('gives the same value when it is applied twice', () => {
    fc.assert(
      fc.property(json, value => {
        const once = coerce(value)
        assert.equal(coerce(once), once)
      }),
    )
  })

  test('leaves every valid value alone', () => {
    fc.assert(
      fc.property(json, value => {
        const coerced = coerce(value)
        if (schema.safeParse(value).success) assert.equal(coerced, value)
        const again = schema.safeParse(coerced)
        if (again.success) assert.equal(coerce(coerced), coerced)
      }),
    )
  })
})
