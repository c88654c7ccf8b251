import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDocsPages } from './create-docs-pages.ts'

const paths = (path: string) =>
  createDocsPages({ title: 'Invoices', path, openapiUrl: 'openapi.json' }).map(page => page.path)

test('createDocsPages puts the page at its path and the files below it', () => {
  assert.deepEqual(paths('/docs').slice(0, 2), ['/docs', '/docs/swagger-ui.css'])
  assert.deepEqual(paths('/').slice(0, 2), ['/', '/swagger-ui.css'])
})

test('createDocsPages gives every file that the page loads', async () => {
  const pages = createDocsPages({ title: 'Invoices', path: '/docs', openapiUrl: 'openapi.json' })
  const answer = await pages[0]!.answer({ header: () => undefined })
  const html = Buffer.from(answer.body as Uint8Array).toString()
  const loaded = [...html.matchAll(/(?:src|href)="\.(\/docs\/[^"]+)"/g)].map(([, path]) => path)
  assert.equal(loaded.length, 6)
  for (const path of loaded) {
    const page = pages.find(page => page.path === path)
    assert.equal((await page?.answer({ header: () => undefined }))?.status, 200, `${path} is not there`)
  }
})
