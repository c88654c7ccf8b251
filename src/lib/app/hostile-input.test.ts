import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

interface Tree {
  readonly children: readonly Tree[]
}

const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ children: z.array(Tree) })).meta({ id: 'Tree' })
const Nested: z.ZodType<unknown> = z.lazy(() => z.array(Nested)).meta({ id: 'Nested' })
const response = z.unknown()

function createApp() {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Hostile', version: '1.0.0', log, docs: { openapi: false } })
  app.post('/anything', { body: z.unknown(), response }, async () => 'read')
  app.post('/nested', { body: Nested, response }, async () => 'read')
  app.post('/tree', { body: Tree, response }, async () => 'read')
  app.post('/numbers', { body: z.array(z.number()), response }, async ({ body }) => body.length)
  app.post('/open', { body: z.looseObject({ a: z.number() }), response }, async ({ body }) => Object.keys(body))
  app.post(
    '/closed',
    { body: z.object({ a: z.number() }), response: z.object({ a: z.number() }) },
    async ({ body }) => body,
  )
  app.post(
    '/record',
    { body: z.record(z.string(), z.number()), response },
    async ({ body }) => Object.keys(body).length,
  )
  app.get(
    '/query',
    { query: z.looseObject({ q: z.string().optional() }), response },
    async ({ query }) => Object.keys(query).length,
  )
  app.get('/list', { query: z.object({ q: z.array(z.string()) }), response }, async ({ query }) => query.q.length)
  app.get('/cookies', { cookies: z.object({ c999: z.string() }), response }, async ({ cookies }) => cookies)
  app.get('/rest/{rest*}', { response }, async ({ params }) => params.rest.length)
  return { app, log }
}

const errorsIn = ({ messages }: RecordingLog) => messages.filter(({ level }) => level === 'error')
const headers = { 'content-type': 'application/json' }

test('Ringback refuses JSON that is nested too deeply for its schema, and accepts it where the schema does not look inside', async () => {
  const { app, log } = createApp()
  await using client = await testClient(app)
  const arrays = '['.repeat(49_000) + ']'.repeat(49_000)
  const objects = '{"children":['.repeat(24_000) + ']}'.repeat(24_000)
  for (const [path, body] of [
    ['/nested', arrays],
    ['/tree', objects],
    ['/numbers', arrays],
    ['/closed', `{"a":${arrays}}`],
    ['/record', `{"a":${arrays}}`],
  ] as const) {
    const response = await client.post(path, { headers, body })
    assert.equal(response.status, 422, path)
    assert.ok((await response.text()).length < 100_000, path)
  }
  assert.equal((await client.post('/anything', { headers, body: arrays })).status, 200)
  assert.equal((await client.post('/nested', { headers, body: '[[[]]]' })).status, 200)
  assert.deepEqual(errorsIn(log), [])
})

test('Ringback refuses a body over 1 MiB', async () => {
  const { app } = createApp()
  await using client = await testClient(app)
  const fits = `"${'x'.repeat(1_048_574)}"`
  assert.equal((await client.post('/anything', { headers, body: fits })).status, 200)
  assert.equal((await client.post('/anything', { headers, body: `${fits} ` })).status, 413)
  const lying = { ...headers, 'content-length': '1' }
  assert.equal((await client.post('/anything', { headers: lying, body: `${fits} ` })).status, 413)
})

test('Ringback responds to a body with very many mistakes with a bounded list', async () => {
  const { app, log } = createApp()
  await using client = await testClient(app)
  const response = await client.post('/numbers', { headers, body: `[${'{},'.repeat(49_000)}{}]` })
  assert.equal(response.status, 422)
  const text = await response.text()
  assert.ok(text.length < 100_000, String(text.length))
  assert.ok((JSON.parse(text) as { errors: unknown[] }).errors.length > 0)
  assert.deepEqual(errorsIn(log), [])
})

test('Ringback takes names such as __proto__ as ordinary ones', async () => {
  const { app, log } = createApp()
  await using client = await testClient(app)
  const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}'
  const open = (await (await client.post('/open', { headers, body: json })).json()) as string[]
  assert.ok(open.includes('constructor'))
  assert.deepEqual(await (await client.post('/closed', { headers, body: json })).json(), { a: 1 })
  assert.equal((await client.post('/closed', { headers, body: '{"__proto__":{"a":1}}' })).status, 422)
  assert.equal((await client.post('/record', { headers, body: '{"__proto__":1,"constructor":2}' })).status, 200)
  assert.equal((await client.get('/query?__proto__=1&constructor=2&q=3&hasOwnProperty=4')).status, 200)
  assert.equal(await (await client.get('/query?__proto__[polluted]=1&constructor[prototype][polluted]=1')).json(), 2)
  assert.equal('polluted' in {}, false)
  assert.deepEqual(errorsIn(log), [])
})

test('Ringback reads very many query names, values, cookies and path segments', async () => {
  const { app, log } = createApp()
  await using client = await testClient(app)
  const numbers = Array.from({ length: 10_000 }, (_, index) => index)
  assert.equal(await (await client.get(`/query?${numbers.map(n => `n${n}=1`).join('&')}`)).json(), 10_000)
  assert.equal(await (await client.get(`/list?${numbers.map(() => 'q=1').join('&')}`)).json(), 10_000)
  assert.equal((await client.get(`/query?${'&'.repeat(100_000)}q=${'%'.repeat(10_000)}`)).status, 200)
  const cookie = numbers
    .slice(0, 1000)
    .map(n => `c${n}=${n}`)
    .join('; ')
  assert.deepEqual(await (await client.get('/cookies', { headers: { cookie } })).json(), { c999: '999' })
  assert.equal(await (await client.get(`/rest/${'a/'.repeat(50_000)}b`)).json(), 100_001)
  assert.equal((await client.get(`/${'a/'.repeat(50_000)}`)).status, 404)
  assert.equal((await client.get(`/rest/${'%2F'.repeat(50_000)}`)).status, 200)
  assert.deepEqual(errorsIn(log), [])
})

test('Ringback takes the last of two equal names in JSON, and numbers as JavaScript does', async () => {
  const { app } = createApp()
  await using client = await testClient(app)
  assert.deepEqual(await (await client.post('/closed', { headers, body: '{"a":1,"a":2}' })).json(), { a: 2 })
  assert.equal((await client.post('/closed', { headers, body: '{"a":1e999}' })).status, 422)
  assert.equal((await client.post('/closed', { headers, body: '{"a":-0}' })).status, 200)
})

test('Ringback refuses what only looks like JSON', async () => {
  const { app, log } = createApp()
  await using client = await testClient(app)
  for (const body of ['{', '[1,]', "{'a':1}", '{"a":1}x', 'NaN', '// x\n1', '"\t"', '\u00a01', '01'])
    assert.equal((await client.post('/anything', { headers, body })).status, 400, body)
  for (const body of ['null', ' 1 ', '"\\ud800"', '1.5e3'])
    assert.equal((await client.post('/anything', { headers, body })).status, 200, body)
  assert.deepEqual(errorsIn(log), [])
})

test('Ringback quickly refuses a body that is both wide and deep', async () => {
  const { app } = createApp()
  await using client = await testClient(app)
  const bodies = [
    `${'['.repeat(1000)}1${',1]'.repeat(1000)}`,
    `${'['.repeat(1500)}${'1,'.repeat(48_000)}1${']'.repeat(1500)}`,
    `[${Array.from({ length: 40 }, () => '['.repeat(600) + ']'.repeat(600)).join(',')}]`,
  ]
  for (const body of bodies) {
    const before = process.threadCpuUsage()
    assert.equal((await client.post('/nested', { headers, body })).status, 413)
    assert.ok(process.threadCpuUsage(before).user < 250_000)
  }
  const shallow = `[${Array.from({ length: 10_000 }, () => '[[[]]]').join(',')}]`
  assert.equal((await client.post('/nested', { headers, body: shallow })).status, 200)
})

test('Ringback refuses a body with too many values before it validates any', async () => {
  const { app, log } = createApp()
  await using client = await testClient(app)
  for (const item of ['1', '{}', '"a"', 'null']) {
    const body = `[${Array.from({ length: 50_000 }, () => item).join(',')}]`
    const response = await client.post('/anything', { headers, body })
    assert.equal(response.status, 413)
    assert.match(await response.text(), /more than 50000 values/)
  }
  assert.equal((await client.post('/anything', { headers, body: `[${'1,'.repeat(49_998)}1]` })).status, 200)
  assert.deepEqual(errorsIn(log), [])
})

test('Ringback decides by the number of mistakes, not by the size of a body, whether it reads text as numbers', async () => {
  const { app } = createApp()
  await using client = await testClient(app)
  const texts = (count: number, numbers: number) =>
    JSON.stringify([...Array<string>(count).fill('1'), ...Array<number>(numbers).fill(1)])
  assert.equal(await (await client.post('/numbers', { headers, body: texts(1000, 0) })).json(), 1000)
  assert.equal(await (await client.post('/numbers', { headers, body: texts(1000, 48_000) })).json(), 49_000)
  assert.equal((await client.post('/numbers', { headers, body: texts(1001, 0) })).status, 422)
  assert.equal((await client.post('/numbers', { headers, body: texts(1001, 40_000) })).status, 422)
})
