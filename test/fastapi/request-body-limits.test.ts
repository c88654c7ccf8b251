// https://fastapi.tiangolo.com/advanced/request-body-limits/
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { form, Ringback, Router } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const response = z.number()

test('The application, a router and an operation limit bodies, read by whomever, with a 413 in words', async () => {
  const app = new Ringback({ title: 'Limits', version: '1.0.0', log: quiet, bodyLimitBytes: 100 })
  const router = new Router({ bodyLimitBytes: 200 })
  const read = async ({ request }: { request: Request }) => (await request.text()).length
  app.post('/app', { response }, read)
  router.post('/router', { response }, read)
  router.post('/operation', { response, bodyLimitBytes: 300 }, read)
  app.include(router)
  await using client = await testClient(app)
  for (const [path, limit] of [
    ['/app', 100],
    ['/router', 200],
    ['/operation', 300],
  ] as const) {
    assert.equal(await (await client.post(path, { body: 'x'.repeat(limit) })).json(), limit)
    const over = await client.post(path, { body: 'x'.repeat(limit + 1) })
    assert.equal(over.status, 413)
    assert.match(await over.text(), new RegExp(`The body is larger than ${limit} bytes`))
  }
})

test('There is a limit without an option, where FastAPI has none', async () => {
  const app = new Ringback({ title: 'Limits', version: '1.0.0', log: quiet })
  app.post('/texts', { body: form(z.object({ a: z.string() })), response }, ({ body }) => body.a.length)
  app.post('/files', { body: form(z.object({ f: z.file() })), response }, ({ body }) => body.f.size)
  await using client = await testClient(app)
  const upload = (bytes: number) => client.post('/files', { files: { f: new Blob([new Uint8Array(bytes)]) } })
  assert.equal((await client.post('/texts', { form: { a: 'x'.repeat(2_000_000) } })).status, 413)
  assert.equal((await upload(2_000_000)).status, 200)
  assert.equal((await upload(40_000_000)).status, 413)
})

test('A form limits its fields, its files and the size of a part', async () => {
  const app = new Ringback({ title: 'Limits', version: '1.0.0', log: quiet })
  const schema = z.object({ a: z.array(z.string()).default([]), f: z.array(z.file()).default([]) })
  const body = form(schema, { maxFields: 2, maxFiles: 1, maxPartBytes: 10 })
  app.post('/form', { body, response }, ({ body }) => body.a.length + body.f.length)
  await using client = await testClient(app)
  const file = new File(['x'.repeat(1_000)], 'f')
  assert.equal(await (await client.post('/form', { form: { a: ['1', '2'] }, files: { f: file } })).json(), 3)
  for (const [given, message] of [
    [{ form: { a: ['1', '2', '3'] }, files: {} }, /more than 2 fields/],
    [{ files: { f: [file, file] } }, /more than 1 file"/],
    [{ form: { a: 'x'.repeat(11) }, files: {} }, /larger than 10 bytes/],
  ] as const) {
    const refused = await client.post('/form', given)
    assert.equal(refused.status, 413)
    assert.match(await refused.text(), message)
  }
})
