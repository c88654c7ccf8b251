import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { Ringback, webhook } from 'ringback'
import { type ServedApp, serve as serveApp } from 'ringback/node'
import { testClient } from 'ringback/testing'
import { z } from 'zod'
import { app } from '../examples/invoices.ts'
import { startBrowser } from './browser.ts'
import { authorizedApp } from './programs/authorized-app.ts'
import { everyKind, app as largeApp } from './programs/large-docs.ts'
import { AuthorizationServer } from './support/authorization-server.ts'

const CALLBACK_URL = '{$request.query.callback_url}/invoices/{$request.body#/id}'
const POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
/** Of the page, by colour scheme. */
const BACKGROUNDS = { light: 'rgb(250, 250, 250)', dark: 'rgb(28, 32, 34)' } as const
const PREFIX = '/behind/a-proxy'

type Web = (request: Request) => Promise<Response>

/** Serves an application, and also below a prefix, as a proxy does that removes it. */
async function serve(web: Web): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').replace(PREFIX, '')
    const init = { method: request.method ?? 'GET', headers: request.headers as Record<string, string> }
    const body = init.method === 'POST' ? { body: Buffer.concat(await request.toArray()) } : {}
    const received = await web(new Request(`http://${request.headers.host}${path}`, { ...init, ...body }))
    response
      .writeHead(received.status, Object.fromEntries(received.headers))
      .end(new Uint8Array(await received.arrayBuffer()))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A page, with its errors and its requests to other hosts. */
interface Watched extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

describe('The docs page', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  const servers: Server[] = []
  let origin: string
  let browser: Browser
  let client: AsyncDisposable

  before(async () => {
    client = await testClient(app)
    origin = await served(app.fetch)
    browser = await startBrowser()
  })

  after(async () => {
    await browser?.close()
    for (const server of servers) server.close().closeAllConnections()
    await client?.[Symbol.asyncDispose]()
  })

  async function served(web: Web): Promise<string> {
    const { server, origin } = await serve(web)
    servers.push(server)
    return origin
  }

  async function open(path: string, operation = /Create an invoice/): Promise<Watched> {
    const watched = await load(origin + path)
    await watched.page.getByRole('button', { name: operation }).click()
    return watched
  }

  /** A page that may reach its own host and the listed ones. */
  async function load(url: string, ...others: readonly string[]): Promise<Watched> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const complaints: string[] = []
    page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('requestfailed', request => complaints.push(`${request.url()} failed`))
    const reachable = [new URL(url).origin, ...others]
    page.on(
      'request',
      request => reachable.includes(new URL(request.url()).origin) || complaints.push(`${request.url()} was asked for`),
    )
    await page.exposeFunction('complain', (complaint: string) => complaints.push(complaint))
    await page.addInitScript(
      "document.addEventListener('securitypolicyviolation', event => complain(event.violatedDirective + ' is violated'))",
    )
    await page.goto(url)
    return { page, complaints, [Symbol.asyncDispose]: () => page.close() }
  }

  /** The texts of the callback as a reader sees them, without the line-break hints that Swagger UI puts into paths. */
  async function callbackText(page: Page): Promise<string> {
    const callbacks = page.getByRole('region', { name: 'Callbacks' })
    await callbacks
      .getByRole('button', { name: /invoice/i })
      .first()
      .click()
    await callbacks.getByText('"ok": true').waitFor()
    return (await callbacks.innerText()).replaceAll('\u200b', '')
  }

  it('shows the callback of an open operation: URL, headers, body and response', async () => {
    await using docs = await open('/docs')
    const text = await callbackText(docs.page)
    for (const part of [
      'invoiceNotification',
      CALLBACK_URL,
      'Verify it first',
      'webhook-signature',
      '"paid": true',
      '"ok": true',
    ])
      assert.ok(text.includes(part), `${part} is not in ${text}`)
    assert.equal(await docs.page.title(), 'Invoices')
    assert.deepEqual(docs.complaints, [])
  })

  it('folds the callbacks of an operation, each with its name', async () => {
    await using docs = await load(`${await served(largeApp.fetch)}/docs`)
    await docs.page.getByRole('button', { name: /Place an order of kind 40/ }).click()
    const callbacks = docs.page.getByRole('region', { name: 'Callbacks' })
    for (const name of ['paid', 'sent', 'returned', 'refused'])
      await callbacks.getByRole('button', { name: new RegExp(`an order was ${name}`) }).waitFor()
    assert.equal(await callbacks.getByText('One or more signatures').count(), 0)
    await callbacks.getByRole('button', { name: /an order was sent/ }).click()
    await callbacks.getByText('One or more signatures').waitFor()
    assert.equal(await callbacks.getByText('One or more signatures').count(), 1)
    assert.deepEqual(docs.complaints, [])
  })

  it('opens a page of forty operations with four callbacks each, and one of its operations, with little work', async () => {
    await using docs = await load(`${await served(largeApp.fetch)}/docs`)
    const session = await docs.page.context().newCDPSession(docs.page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const workMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics')
      return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.POSITIVE_INFINITY)
    }
    const before = await workMs()
    await docs.page.reload()
    await docs.page.getByRole('button', { name: /Place an order of kind 40/ }).waitFor()
    const opened = (await workMs()) - before
    await docs.page.getByRole('button', { name: /Place an order of kind 7$/ }).click()
    await docs.page.getByRole('region', { name: 'Callbacks' }).waitFor()
    const further = (await workMs()) - before - opened
    // If each part were resolved from the whole document, it would be more than half as much again.
    assert.ok(opened + further < 1_000, `${opened} and ${further} ms of processor time`)
  })

  it('shows a readable and valid example of every kind of value', async () => {
    await using docs = await load(`${await served(largeApp.fetch)}/docs`)
    await docs.page.getByRole('button', { name: /Every kind of value/ }).click()
    const examples = docs.page.locator('.highlight-code, .body-param__example').filter({ hasText: 'emailOfCompany' })
    await examples.nth(1).waitFor()
    for (const text of await examples.allInnerTexts()) {
      const example: unknown = JSON.parse(text)
      assert.deepEqual(everyKind.safeParse(example).error?.issues ?? [], [])
      for (const line of text.split('\n')) assert.ok(line.length < 100, line)
      assert.doesNotMatch(text, /: (?:null|-?\d{5}|-?\d+\.\d{3}|-?[\d.]+e)/)
    }
    assert.deepEqual(docs.complaints, [])
  })

  it('shows the webhooks of an application', async () => {
    const data = z.object({ invoice_id: z.string() })
    const webhooks = { 'invoice.paid': webhook.post({ data, summary: 'An invoice was paid' }) }
    const page = await served(new Ringback({ title: 'Webhooks', version: '1.0.0', webhooks }).fetch)
    await using watched = await load(`${page}/docs`)
    const section = watched.page.locator('.webhooks')
    await section.getByRole('button', { name: /An invoice was paid/ }).click()
    await section.getByText('invoice.paid').first().waitFor()
    await section.getByText('timestamp').first().waitFor()
    assert.deepEqual(watched.complaints, [])
  })

  it("sends the reader's trial request to a server of the document, and nowhere else", async () => {
    const api = new Ringback({ title: 'Elsewhere', version: '1.0.0' })
    api.get('/now', { summary: 'Tell the time', response: z.object({ now: z.string() }) }, () => ({ now: 'here' }))
    const elsewhere = await served(async request => {
      const response = await api.fetch(request)
      response.headers.set('access-control-allow-origin', '*')
      return response
    })
    const pageApp = new Ringback({ title: 'Pages', version: '1.0.0', servers: [{ url: elsewhere }] })
    pageApp.include(api)
    const where = await served(pageApp.fetch)
    await using docs = await load(`${where}/docs`, elsewhere)
    await docs.page.getByRole('button', { name: /Tell the time/ }).click()
    await docs.page.getByRole('button', { name: 'Try it out' }).click()
    await docs.page.getByRole('button', { name: 'Execute' }).click()
    await docs.page.getByText('"now": "here"').waitFor()
    assert.deepEqual(docs.complaints, [])
    const third = await served(api.fetch)
    const violated = await docs.page.evaluate(
      url =>
        new Promise<string>(resolve => {
          document.addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective))
          fetch(url).catch(() => {})
        }),
      `${third}/now`,
    )
    assert.equal(violated, 'connect-src')
  })

  it('works below a prefix', async () => {
    await using docs = await open(`${PREFIX}/docs`)
    assert.ok((await callbackText(docs.page)).includes(CALLBACK_URL))
    assert.deepEqual(docs.complaints, [])
  })

  it("sends the reader's trial request", async () => {
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
        // The page's script learns of the new colour scheme a moment later.
        await docs.page.waitForFunction(
          expected => getComputedStyle(document.body).backgroundColor === expected,
          colour,
        )
        const overflow = await docs.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(overflow <= 0, `${overflow} pixels too wide for ${width}`)
      }
    assert.deepEqual(docs.complaints, [])
  })

  it('has its security policy, and its files are not sent twice', async () => {
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

  describe('by Authorize', () => {
    let idp: AuthorizationServer
    let api: ServedApp
    let page: Page
    const complaints: string[] = []

    before(async () => {
      idp = await AuthorizationServer.start()
      api = await serveApp(authorizedApp(idp.origin), { port: 0, host: '127.0.0.1', signals: false })
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      page.setDefaultTimeout(10_000)
      page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
      page.on('pageerror', error => complaints.push(error.message))
      await page.goto(`http://127.0.0.1:${api.port}/docs`)
    })

    after(async () => {
      await page?.close()
      await api?.close()
      await idp?.stop()
    })

    /** Does something in the part of one scheme in the dialogue. */
    async function authorize(
      scheme: string,
      fill: (part: ReturnType<Page['locator']>) => Promise<void>,
    ): Promise<void> {
      await page.locator('.auth-wrapper > .authorize').click()
      const part = page
        .locator('.auth-container')
        .filter({ has: page.locator('h4', { hasText: new RegExp(`^${scheme}`) }) })
      await fill(part)
      await part.getByRole('button', { name: /^Apply/ }).click()
      await part.getByRole('button', { name: /^Remove/ }).waitFor()
      await page.locator('.modal-ux .close-modal').click()
    }

    /** What the operation responds when the page calls it. */
    async function called(path: string, method = 'GET'): Promise<string> {
      const operation = page
        .locator(`.opblock-${method.toLowerCase()}`)
        .filter({ has: page.locator(`[data-path="${path}"]`) })
      await operation.locator('.opblock-summary-control').click()
      await operation.getByRole('button', { name: 'Try it out' }).click()
      await operation.getByRole('button', { name: 'Execute' }).click()
      const response = operation.locator('.live-responses-table .response')
      await response.waitFor()
      return (await response.innerText()).replaceAll(/\s+/g, ' ')
    }

    it('logs in by a bearer token', async () => {
      await authorize('httpBearer', part => part.getByRole('textbox').fill('abc.def'))
      assert.match(await called('/bearer'), /^200 .*"who": "bearer abc\.def"/)
    })

    it('logs in by HTTP Basic', async () => {
      await authorize('httpBasic', async part => {
        await part.locator('[name=username]').fill('richie')
        await part.locator('[name=password]').fill('pass:wörd')
      })
      assert.match(await called('/basic'), /^200 .*"who": "basic richie pass:wörd"/)
    })

    it('logs in by an API key', async () => {
      await authorize('apiKey', part => part.getByRole('textbox').fill('key of mine'))
      assert.match(await called('/key'), /^200 .*"who": "key key of mine"/)
    })

    it("logs in by OAuth 2.0's password flow, with the scopes that are ticked", async () => {
      await authorize('login', async part => {
        assert.equal(await part.locator('[data-name=clientId]').inputValue(), 'docs-page')
        await part.locator('#oauth_username').fill('richie')
        await part.locator('#oauth_password').fill('secret')
        await part.locator('label').filter({ hasText: 'write' }).click()
      })
      assert.match(await called('/password'), /^200 .*"who": "password richie@docs-page,read write"/)
    })

    it('logs in by an authorization code of another origin, with PKCE', async () => {
      const opened = page.waitForEvent('popup')
      await authorize('code', async () => {})
      const popup = await opened
      if (!popup.isClosed()) await popup.waitForEvent('close')
      assert.match(await called('/code'), /^200 .*"who": "code docs-page read"/)
    })

    it('keeps the session that an operation begins', async () => {
      assert.match(await called('/session', 'POST'), /^204/)
      assert.match(await called('/session'), /^200 .*"who": "session richie"/)
    })

    it('may reach its own host and the origin of the tokens, and complains of nothing', async () => {
      const policy = (await fetch(page.url())).headers.get('content-security-policy')
      assert.equal(/connect-src [^;]+/.exec(policy ?? '')?.[0], `connect-src 'self' ${idp.origin}`)
      assert.deepEqual(complaints, [])
    })
  })
})
