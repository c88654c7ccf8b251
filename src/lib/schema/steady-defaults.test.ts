import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from './compiled-schema.ts'
import type { Schema } from './schema.ts'

const uuid = () => crypto.randomUUID()
const today = () => new Date().toISOString().slice(0, 10)
const year = () => new Date().getFullYear()

const inputOf = (schema: Schema) => compileSchema(schema, 'schema', ['input', 'output']).input
const defaultsOf = (schema: Schema) =>
  Object.entries(inputOf(schema)['properties'] as object).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  )

test('defaults that are functions are not described, constants are', () => {
  const zod = z.object({
    a: z.string().default(uuid),
    b: z.string().catch(today),
    c: z.number().prefault(year),
    d: z.array(z.string()).default(() => [uuid()]),
    kept: z.string().default('x'),
    list: z.array(z.string()).default([]),
    default: z.object({ at: z.string().default(today) }).default({ at: 'now' }),
  })
  assert.deepEqual(defaultsOf(zod), [
    ['kept', 'x'],
    ['list', []],
    ['default', { at: 'now' }],
  ])
  const valibot = v.object({
    a: v.optional(v.string(), uuid),
    c: v.nullish(v.string(), today),
    kept: v.optional(v.string(), 'x'),
  })
  assert.deepEqual(defaultsOf(toStandardJsonSchema(valibot)), [['kept', 'x']])
  const arktype = type({ a: ['string', '=', uuid], c: type('string[]').default(() => [today()]), kept: "string = 'x'" })
  assert.deepEqual(defaultsOf(arktype), [['kept', 'x']])
})

test('named schemas with such a default describe the same wherever they stand', () => {
  const Job = z
    .object({ id: z.string().default(uuid), inner: z.array(z.object({ at: z.string().default(today) })) })
    .meta({ id: 'Job' })
  const definition = (schema: Schema) => (inputOf(schema)['$defs'] as { Job: object }).Job
  assert.deepEqual(definition(z.object({ a: Job, b: Job })), definition(z.array(Job)))
  assert.doesNotMatch(JSON.stringify(definition(z.array(Job))), /default/)
})

test('two processes give the same document', () => {
  const program = `
    import { z } from 'zod'
    import { Ringback } from '${new URL('../app/ringback.ts', import.meta.url)}'
    const app = new Ringback({ title: 't', version: '1' })
    let count = Number(process.argv[1])
    const Job = z.object({
      id: z.string().default(() => crypto.randomUUID()),
      at: z.string().prefault(() => new Date().toISOString()),
      n: z.number().catch(() => count++),
      r: z.number().default(Math.random),
      kept: z.string().default('x'),
    }).meta({ id: 'Job' })
    app.get('/job', { query: Job, response: Job }, () => ({}))
    app.post('/jobs', { body: z.array(Job), response: z.array(Job) }, () => [])
    await app.start()
    console.log(JSON.stringify(app.openapi()))
    await app.close()`
  const run = (seed: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program, seed], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    })
  const first = run('1')
  assert.match(first, /"default":"x"/)
  assert.equal(run('2'), first)
})

test('a substitute for a wrong value that depends on it is not a default', () => {
  const zod = z.object({
    value: z.number().catch(({ value }) => Number(value)),
    issues: z.array(z.string().catch(({ error }) => error.issues[0]!.message)).catch(({ input }) => [String(input)]),
    inner: z.object({ at: z.string().catch(({ value }) => `${value}`) }).meta({ id: 'Caught' }),
    constant: z.string().catch('x'),
  })
  assert.deepEqual(defaultsOf(zod), [['constant', 'x']])
  const { value } = inputOf(zod)['properties'] as Record<string, unknown>
  assert.deepEqual(value, { type: 'number' })
  const big = z.string().transform(BigInt).default(5n)
  assert.deepEqual(compileSchema(z.object({ big }), 'schema', ['input']).input['properties'], {
    big: { type: 'string' },
  })
  assert.throws(() => inputOf(z.object({ big: z.bigint().catch(() => 1n) })), /BigInt cannot be represented/)
  assert.throws(() => inputOf(z.object({ big: z.bigint().default(1n) })), /BigInt cannot be represented/)
})
