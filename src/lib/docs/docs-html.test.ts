import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docsHtml } from './docs-html.ts'

test('docsHtml escapes what it is given', () => {
  const hostile = `</title><script>alert('"&')</script>`
  const html = docsHtml({ title: hostile, path: '/docs', openapiUrl: hostile, swaggerOptions: { filter: hostile } })
  assert.ok(!html.includes('<script>'))
  assert.ok(html.includes('<title>&lt;/title&gt;&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;</title>'))
})

test('docsHtml holds no script, style or handler of its own', () => {
  const html = docsHtml({ title: 'Invoices', path: '/docs', openapiUrl: 'openapi.json' })
  assert.doesNotMatch(html, /<style|style=|<script(?! defer src="\.\/docs\/)|\son\w+=/)
})

test('docsHtml finds its files below its own path', () => {
  const html = (path: string) => docsHtml({ title: 'Invoices', path, openapiUrl: 'openapi.json' })
  assert.match(html('/docs'), /src="\.\/docs\/init\.js"/)
  assert.match(html('/internal/my docs'), /src="\.\/my%20docs\/init\.js"/)
  assert.match(html('/'), /src="\.\/init\.js"/)
})
