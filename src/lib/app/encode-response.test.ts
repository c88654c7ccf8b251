import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type } from 'arktype'
import Type from 'typebox'
import { z } from 'zod'
import { typebox } from '../schema/typebox.ts'
import { Ringback } from './ringback.ts'

const nothing = (): never => undefined as never

async function bodyOf(response: object, handler: () => unknown): Promise<unknown> {
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const app = new Ringback({ title: 't', version: '1', log })
  app.get('/x', { response: response as z.ZodType }, handler as never)
  const answer = await app.fetch(new Request('http://a/x'))
  assert.notEqual(answer.headers.get('content-length'), '0')
  return answer.status === 200 ? JSON.stringify(await answer.json()) : answer.status
}

test('undefined from a handler is null where the schema takes null', async () => {
  for (const schema of [
    z.object({ a: z.number() }).nullable(),
    z.string().nullish(),
    z.unknown(),
    z.any(),
    z.null(),
    z
      .string()
      .nullable()
      .refine(async () => true),
    type('string | null'),
    typebox(Type.Union([Type.String(), Type.Null()])),
  ])
    assert.equal(await bodyOf(schema, nothing), 'null')
  assert.equal(await bodyOf(z.string().default('x'), nothing), '"x"')
})

test('undefined from a handler is an error where the schema takes no null, and so is what JSON has not', async () => {
  for (const schema of [
    z.object({ a: z.number() }).optional(),
    z.array(z.string()).optional(),
    z.string(),
    type('string'),
  ])
    assert.equal(await bodyOf(schema, nothing), 500)
  for (const value of [() => 1, Symbol('s'), { toJSON: () => undefined }])
    assert.equal(await bodyOf(z.unknown(), () => value), 500)
})
