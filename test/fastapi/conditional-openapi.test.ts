// FastAPI, how-to/conditional-openapi and tutorial/metadata: the document and its page, elsewhere or nowhere.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback, type RingbackOptions } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { assertLinted, assertValid } from '../support/check-document.ts'

const createApp = (options: Partial<RingbackOptions> = {}) => {
  const app = new Ringback({ title: 'Awesome API', version: '1.0.0', ...options })
  app.get('/', { response: z.any() }, async () => ({ message: 'Hello World' }))
  return app
}

async function statusesOf(docs: Partial<RingbackOptions>, ...paths: readonly string[]): Promise<number[]> {
  await using client = await testClient(createApp(docs))
  return Promise.all(paths.map(async path => (await client.get(path)).status))
}

it('shows no document and no page where "docs" is false', async () => {
  const paths = ['/', '/openapi.json', '/openapi.yaml', '/docs'] as const
  assert.deepEqual(await statusesOf({ docs: false }, ...paths), [200, 404, 404, 404])
  assert.deepEqual(await statusesOf({ docs: { openapi: false } }, ...paths), [200, 404, 404, 404])
  assert.deepEqual(await statusesOf({ docs: { swagger: false } }, ...paths), [200, 200, 200, 404])
  assert.ok(createApp({ docs: false }).openapi().paths?.['/'])
})

it('shows both under paths of their own', async () => {
  const docs = { openapi: '/api/v1/openapi.json', swagger: '/documentation' }
  const paths = ['/api/v1/openapi.json', '/documentation', '/openapi.json', '/docs'] as const
  assert.deepEqual(await statusesOf({ docs }, ...paths), [200, 200, 404, 404])
})

it('says what the API is', async () => {
  const metadata = {
    title: 'ChimichangApp',
    summary: "Deadpool's favorite app. Nuff said.",
    description: 'ChimichangApp API helps you do awesome stuff.',
    version: '0.0.1',
    termsOfService: 'http://example.com/terms/',
    contact: {
      name: 'Deadpoolio the Amazing',
      url: 'http://x-force.example.com/contact/',
      email: 'dp@x-force.example.com',
    },
    license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
  }
  const externalDocs = { description: 'Items external docs', url: 'https://fastapi.tiangolo.com/' }
  const tags = [
    { name: 'users', description: 'Operations with users.' },
    { name: 'items', description: 'Manage items.', externalDocs },
  ]
  const app = new Ringback({ ...metadata, tags })
  app.get('/users/', { tags: ['users'], response: z.any() }, async () => [{ name: 'Harry' }])
  app.get('/items/', { tags: ['items'], response: z.any() }, async () => [{ name: 'wand' }])
  const document = app.openapi()
  await assertValid(document)
  await assertLinted({ metadata: document })
  assert.deepEqual(document.info, metadata)
  assert.deepEqual(document.tags, tags)
})
