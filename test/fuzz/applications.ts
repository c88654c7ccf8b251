import { z } from 'zod'
import { callback, dependency, form, oneOf, Ringback, Router } from '../../src/index.ts'
import { httpBearer } from '../../src/security.ts'
import { memoryStore } from '../../src/testing.ts'
import type { Schemas } from './libraries.ts'
import { arktypeSchemas } from './schemas/arktype.ts'
import { typeboxSchemas } from './schemas/typebox.ts'
import { valibotSchemas } from './schemas/valibot.ts'
import { zodSchemas } from './schemas/zod.ts'

const response = z.unknown()

/** The application under test: the same operations for each library, and all of them again with middleware. */
export function fuzzedApplication(): Ringback {
  const app = new Ringback({
    title: 'Fuzzed',
    version: '1.0.0',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    docs: { openapi: false },
    delivery: { store: memoryStore(), signing: { masterSecret: 'f'.repeat(32) }, worker: false },
  })
  const routers = {
    zod: routerOf(zodSchemas),
    valibot: routerOf(valibotSchemas),
    arktype: routerOf(arktypeSchemas),
    typebox: routerOf(typeboxSchemas),
  }
  app.use('/middle/*', async (_context, next) => next())
  for (const [library, router] of Object.entries(routers)) {
    app.include(router, { prefix: `/${library}` })
    app.include(router, { prefix: `/middle/${library}` })
  }
  return app
}

function routerOf(schemas: Schemas): Router {
  const router = new Router()
  for (const [name, body] of Object.entries(schemas.bodies)) {
    router.post(`/${name}`, { body, response }, async () => 1)
    router.patch(`/${name}`, { body, response }, async () => 1)
  }
  router.post('/form/texts', { body: oneOf(form(schemas.forms.texts), schemas.bodies.strict), response }, async () => 1)
  router.post('/form/record', { body: form(schemas.forms.record), response }, async () => 1)
  router.post('/form/files', { body: form(schemas.forms.files), response }, async ({ body }) => sizeOf(body))
  const { params, query, headers, cookies } = schemas
  router.get('/query', { query, response }, async () => 1)
  router.get('/parameters/{id}', { params, headers, cookies, response }, async () => 1)
  const page = dependency({ query, dependencies: { token: httpBearer() } }, async () => 1)
  router.post('/guarded', { dependencies: { page }, body: schemas.bodies.strict, response }, async () => 1)
  addCallbacks(router, schemas)
  return router
}

/** Reads what was uploaded. */
async function sizeOf(form: unknown): Promise<number> {
  const { file } = form as { file?: Blob }
  return file === undefined ? 0 : (await file.bytes()).length
}

interface Sendable {
  send(body: { paid: boolean }): Promise<unknown>
}

function addCallbacks(router: Router, { target, targetQuery, targetHeader }: Schemas): void {
  const event = { body: z.object({ paid: z.boolean() }) }
  const send = async ({ callbacks }: { callbacks: { paid: Sendable | undefined } }) =>
    callbacks.paid?.send({ paid: true })
  const fromBody = { paid: callback.post('{$request.body#/url}/paid/{$request.body#/id}', event) }
  const fromQuery = { paid: callback.post('{$request.query.url}/paid', event) }
  const fromHeader = { paid: callback.post('{$request.header.x-url}', event) }
  router.post('/callback/body', { body: target, response, callbacks: fromBody }, send)
  router.post('/callback/query', { query: targetQuery, response, callbacks: fromQuery }, send)
  router.post('/callback/header', { headers: targetHeader, response, callbacks: fromHeader }, send)
}
