import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDocsPages } from './create-docs-pages.ts'

const pagesAt = (path: string, servers: readonly string[] = []) =>
  createDocsPages({ title: 'Invoices', path, openapiUrl: 'openapi.json', reachableOrigins: () => servers })
const paths = (path: string) => pagesAt(path).map(page => page.path)

test('createDocsPages puts the page at its path and the files below it', () => {
  assert.deepEqual(paths('/docs').slice(0, 2), ['/docs', '/docs/swagger-ui.css'])
  assert.deepEqual(paths('/').slice(0, 2), ['/', '/swagger-ui.css'])
})

test('createDocsPages gives every file that the page loads', async () => {
  const pages = pagesAt('/docs')
  const response = await pages[0]!.respond({ header: () => undefined })
  const html = Buffer.from(response.body as Uint8Array).toString()
  const loaded = [...html.matchAll(/(?:src|href)="\.(\/docs\/[^"]+)"/g)].map(([, path]) => path)
  assert.equal(loaded.length, 9)
  for (const path of loaded) {
    const page = pages.find(page => page.path === path)
    assert.equal((await page?.respond({ header: () => undefined }))?.status, 200, `${path} is not there`)
  }
})

test('createDocsPages lets the page reach its own host and the servers of the document', async () => {
  const policy = async (servers: readonly string[]) =>
    (await pagesAt('/docs', servers)[0]!.respond({ header: () => undefined })).headers['content-security-policy']
  assert.equal(
    await policy([]),
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
  )
  assert.equal(
    await policy(['http://127.0.0.1:8123', 'https://api.example.com']),
    "default-src 'self'; img-src 'self' data:; connect-src 'self' http://127.0.0.1:8123 https://api.example.com; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
  )
})
