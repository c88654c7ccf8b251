import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../scripts/root.ts'
import { runTool } from '../scripts/run-tool.ts'

const invoices = `import { callback, dependency, operation, Ringback, Router, type Handler } from 'ringback'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

const query = z.object({ callback_url: z.url().optional() })
const Invoice = z.object({ id: z.string(), total: z.number() })

export const callbacks = {
  note: callback.post('{$callback_url}/{$request.body.id}', {
    body: Invoice,
    response: Invoice,
    headers: z.object({ 'x-tenant': z.string() }),
    responses: { 410: { description: 'Gone' } },
  }),
  bare: callback.put('{$url}', {}),
}
export const database = dependency({ scope: 'app' }, async function* () {
  yield { find: (id: string) => ({ id }) }
})
export const token = httpBearer()
export const user = dependency({ query, dependencies: { database, token } }, ({ database, token }) => database.find(token))
export const router = new Router({
  prefix: '/tenants/{tenant}',
  dependencies: { user },
  callbacks: { alert: callback.post('{$callback_url}', {}) },
})
export const app = new Ringback({ title: 'Invoices', version: '1.0.0', dependencies: { user } })
export const createInvoice = operation('/invoices/{id}', {
  query,
  body: Invoice,
  response: Invoice,
  status: 201,
  responses: { 404: { body: Invoice } },
  callbacks: { ...callbacks, created: callback.post('{$callback_url}/{$response.body.id}', {}) },
  dependencies: { user },
})
export const health = operation('/health', {})
export const handler: Handler<typeof createInvoice> = async ({ body }) => body
export const refuse = async ({ respond, body }: Parameters<Handler<typeof createInvoice>>[0]) => respond(404, body)
export const remind = ({ callbacks }: Parameters<Handler<typeof createInvoice>>[0]) => callbacks.created
export const restored = app.restore(callbacks.note, {})
export const bare = app.restore(callbacks.bare, {})
export const post = app.post
export const undo = app.override(database, () => ({ find: id => ({ id }) }))
`

const user = `import { app, callbacks, createInvoice, handler, router } from './invoices.js'

const { body } = createInvoice.definition
app.post('/invoices/', { ...(body && { body }), callbacks }, async ({ callbacks }) => {
  await callbacks.note?.send({ id: '1', total: 7 }, { headers: { 'x-tenant': 'a' } })
})
app.post(createInvoice, handler)
app.include(router)
router.get('/', {}, async ({ user, params }) => console.log(user.id.length, params.tenant.length))
`

/** A project of its own with the package installed, which cannot reach anything in `dist/lib`. */
function project(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-declarations-'))
  mkdirSync(join(directory, 'node_modules'))
  symlinkSync(root, join(directory, 'node_modules/ringback'))
  for (const name of ['zod', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(directory, 'node_modules', name))
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  const options = { ...compilerOptions, noEmit: false, declaration: true, outDir: 'out', preserveSymlinks: true }
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

test('An application module of another package gets declarations without any annotation', context => {
  const directory = project({ 'invoices.ts': invoices, 'user.ts': user })
  context.after(() => rmSync(directory, { recursive: true }))
  assert.deepEqual(runTool('tsc', ['-p', '.', '--pretty', 'false'], directory), { ok: true, output: '' })
  const declarations = readFileSync(join(directory, 'out/invoices.d.ts'), 'utf8')
  assert.doesNotMatch(declarations, /\bany\b|ringback\/dist/)
})
