import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { sentPart } from './sent-part.ts'

const Item = z.object({
  name: z.string(),
  price: z.number().default(10),
  maker: z
    .object({ city: z.string(), country: z.string().default('NL') })
    .partial()
    .optional(),
  sizes: z.array(z.object({ text: z.string().optional(), unit: z.string().default('cm') })).default([]),
  since: z
    .string()
    .transform(text => new Date(text))
    .optional(),
})

const sent = (body: unknown) => sentPart(Item.partial().parse(body), body)

describe('sentPart', () => {
  it('leaves out defaults that were filled in, at every depth', () => {
    assert.deepEqual(sent({ name: 'a' }), { name: 'a' })
    assert.deepEqual(sent({ maker: { city: 'Delft' } }), { maker: { city: 'Delft' } })
    assert.deepEqual(sent({ sizes: [{ text: '1' }, {}] }), { sizes: [{ text: '1' }, {}] })
    assert.deepEqual(sent({}), {})
  })

  it('keeps values that were made from text, null and undefined', () => {
    assert.deepEqual(sent({ since: '2026-01-01' }), { since: new Date('2026-01-01') })
    assert.deepEqual(sentPart({ a: null, b: undefined }, { a: null, b: 1 }), { a: null, b: undefined })
    assert.equal(sentPart(7, '7'), 7)
    assert.deepEqual(sentPart([1, 2], [1]), [1, 2])
  })

  it('keeps what a schema made of an object as it is', () => {
    const made = new Map([['a', 1]])
    assert.equal(sentPart(made, { a: 1 }), made)
    assert.equal(sentPart(null, { a: 1 }), null)
    assert.deepEqual(sentPart({ a: 1 }, made), { a: 1 })
  })

  it('gives the whole body where nothing was filled in', () => {
    fc.assert(fc.property(fc.jsonValue(), body => assert.deepEqual(sentPart(body, body), body)))
    assert.ok(
      Object.hasOwn(sentPart(JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')) as object, '__proto__'),
    )
  })
})
