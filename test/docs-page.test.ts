import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { testClient } from 'ringback/testing'
import { app } from '../examples/invoices.ts'
import { startBrowser } from './browser.ts'

const CALLBACK_URL = '{$request.query.callback_url}/invoices/{$request.body#/id}'
const POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
/** Of the page, by colour scheme. */
const BACKGROUNDS = { light: 'rgb(250, 250, 250)', dark: 'rgb(28, 32, 34)' } as const
const PREFIX = '/behind/a-proxy'

/** Serves the application, and once more below a prefix, as a proxy does that takes it off. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').replace(PREFIX, '')
  const init = { method: request.method ?? 'GET', headers: request.headers as Record<string, string> }
  const body = init.method === 'POST' ? { body: Buffer.concat(await request.toArray()) } : {}
  const answer = await app.fetch(new Request(`http://${request.headers.host}${path}`, { ...init, ...body }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(new Uint8Array(await answer.arrayBuffer()))
}

/** A page, and whatever went wrong on it or left for another host. */
interface Watched extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

describe('The docs page', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  const server: Server = createServer(serve)
  let origin: string
  let browser: Browser
  let client: AsyncDisposable

  before(async () => {
    client = await testClient(app)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await startBrowser()
  })

  after(async () => {
    await browser?.close()
    server.close()
    await client?.[Symbol.asyncDispose]()
  })

  async function open(path: string): Promise<Watched> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const complaints: string[] = []
    page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('requestfailed', request => complaints.push(`${request.url()} failed`))
    page.on(
      'request',
      request => request.url().startsWith(`${origin}/`) || complaints.push(`${request.url()} was asked for`),
    )
    await page.exposeFunction('complain', (complaint: string) => complaints.push(complaint))
    await page.addInitScript(
      "document.addEventListener('securitypolicyviolation', event => complain(event.violatedDirective + ' is violated'))",
    )
    await page.goto(origin + path)
    await page.getByRole('button', { name: /Create an invoice/ }).click()
    return { page, complaints, [Symbol.asyncDispose]: () => page.close() }
  }

  /** The texts of the callback as a reader sees them, without the places where Swagger UI lets a path break. */
  async function callbackText(page: Page): Promise<string> {
    const callbacks = page.getByRole('region', { name: 'Callbacks' })
    await callbacks.getByText('"ok": true').waitFor()
    return (await callbacks.innerText()).replaceAll('\u200b', '')
  }

  it('shows the callback of an open operation: URL, headers, body and answer', async () => {
    await using docs = await open('/docs')
    const text = await callbackText(docs.page)
    for (const part of ['invoiceNotification', CALLBACK_URL, 'webhook-signature', '"paid": true', '"ok": true'])
      assert.ok(text.includes(part), `${part} is not in ${text}`)
    assert.equal(await docs.page.title(), 'Invoices')
    assert.deepEqual(docs.complaints, [])
  })

  it('works below a prefix', async () => {
    await using docs = await open(`${PREFIX}/docs`)
    assert.ok((await callbackText(docs.page)).includes(CALLBACK_URL))
    assert.deepEqual(docs.complaints, [])
  })

  it('sends a request that the reader tries out', async () => {
    await using docs = await open('/docs')
    await docs.page.getByRole('button', { name: 'Try it out' }).click()
    await docs.page.getByRole('button', { name: 'Execute' }).click()
    await docs.page.getByText('"msg": "Invoice received"').waitFor()
    assert.deepEqual(docs.complaints, [])
  })

  it('fits narrow and wide screens and follows the colour scheme', async () => {
    await using docs = await open('/docs')
    await callbackText(docs.page)
    for (const [colorScheme, colour] of Object.entries(BACKGROUNDS) as [keyof typeof BACKGROUNDS, string][])
      for (const width of [390, 1280]) {
        await docs.page.emulateMedia({ colorScheme })
        await docs.page.setViewportSize({ width, height: 900 })
        // The page's script hears of a change of the scheme a moment later.
        await docs.page.waitForFunction(
          expected => getComputedStyle(document.body).backgroundColor === expected,
          colour,
        )
        const overflow = await docs.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(overflow <= 0, `${overflow} pixels too wide for ${width}`)
      }
    assert.deepEqual(docs.complaints, [])
  })

  it('carries its policy, and its files are not sent twice', async () => {
    const page = await fetch(`${origin}/docs`)
    assert.equal(page.headers.get('content-security-policy'), POLICY)
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
    const first = await fetch(`${origin}/docs/swagger-ui-bundle.js`)
    const etag = first.headers.get('etag') ?? ''
    assert.match(first.headers.get('content-type') ?? '', /javascript/)
    const second = await fetch(`${origin}/docs/swagger-ui-bundle.js`, { headers: { 'if-none-match': `W/${etag}` } })
    assert.deepEqual([first.status, second.status, await second.text()], [200, 304, ''])
  })
})
