import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page, Route } from 'playwright-core'
import { callback, dependency, HttpError, Ringback, webhook } from 'ringback'
import { memoryStore } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { httpBasic } from 'ringback/security'
import { z } from 'zod'
import { startBrowser } from './browser.ts'
import { accessibilityFaults } from './support/accessibility-faults.ts'
import { Receiver } from './support/receiver.ts'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const APP = fileURLToPath(new URL('../examples/invoices.ts', import.meta.url))
const HOSTILE = '{"ok":"yes","note":"<img src=x onerror=window.hacked=1>"}'
const VIEWS = [390, 1280].flatMap(width => (['light', 'dark'] as const).map(colorScheme => ({ width, colorScheme })))

describe('The console and the panel under ringback dev', {
  skip: process.platform !== 'linux' || process.arch !== 'x64',
}, () => {
  let folder: string
  let server: ChildProcess
  let origin: string
  let browser: Browser
  let receiver: Receiver
  let page: Page
  const complaints: string[] = []
  /** How the receiver responds. */
  let respond: { readonly status: number; readonly body: string } = { status: 200, body: '{"ok":true}' }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringback-console-'))
    receiver = new Receiver(response =>
      response.writeHead(respond.status, { 'content-type': 'application/json' }).end(respond.body),
    )
    await receiver.start()
    const env = { ...process.env, RINGBACK_STORE: join(folder, 'deliveries.sqlite') }
    server = spawn(process.execPath, [PROGRAM, 'dev', APP, '--port', '0'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    origin = await addressOf(server)
    browser = await startBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.on('console', message => {
      // The browser tells of each old token, too.
      if (['error', 'warning'].includes(message.type()) && !/status of 403/.test(message.text()))
        complaints.push(message.text())
    })
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => request.url().startsWith(origin) || complaints.push(`${request.url()} was asked for`))
    await page.exposeFunction('complain', (complaint: string) => complaints.push(complaint))
    await page.addInitScript(
      "document.addEventListener('securitypolicyviolation', event => complain(event.violatedDirective + ' is violated'))",
    )
  })

  after(async () => {
    await browser?.close()
    if (server?.exitCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    await receiver?.stop()
    await rm(folder, { recursive: true })
  })

  const sendInvoice = (id: string, at = `${receiver.url}/events?token=hidden`) =>
    fetch(`${origin}/invoices/?callback_url=${encodeURIComponent(at)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, customer: 'Mr. Richie Rich', total: 7 }),
    })

  /** Nothing is wrong with the page, narrow and wide, light and dark. */
  async function looksRight(root = 'body'): Promise<void> {
    for (const { width, colorScheme } of VIEWS) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      assert.deepEqual(await accessibilityFaults(page, root), [], `${page.url()} ${width} ${colorScheme}`)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }

  it('shows new deliveries by themselves, and none before', async () => {
    await page.goto(`${origin}/docs/deliveries`)
    await page.getByText('No deliveries yet').waitFor()
    await looksRight()
    await sendInvoice('first')
    const row = page.getByRole('link', { name: /^invoiceNotification, delivered/ })
    await row.waitFor()
    await page.getByText('/events/invoices/first?***').waitFor()
    assert.ok(!(await page.content()).includes('=hidden'))
    await sendInvoice('second')
    await page.getByRole('button', { name: '1 new delivery: show it' }).click()
    await page.getByText('/events/invoices/second').waitFor()
    await page.keyboard.press('ArrowDown')
    assert.match((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '', /delivered/)
    await looksRight()
    assert.deepEqual(complaints, [])
  })

  it('shows a delivery with its attempts, what a receiver says as text, and replays it', async () => {
    respond = { status: 200, body: HOSTILE }
    await sendInvoice('hostile')
    await page.goto(`${origin}/docs/deliveries?text=${encodeURIComponent(`${receiver.url}/events/invoices/hostile`)}`)
    await page.getByText('not as declared').waitFor()
    await looksRight()
    await page.getByRole('link', { name: /^invoiceNotification/ }).press('Enter')
    await page.getByText('The response is not as declared.').waitFor()
    await page
      .getByRole('region', { name: 'Body of the response to attempt 1' })
      .getByText('<img src=x onerror=')
      .waitFor()
    assert.equal(await page.locator('img').count(), 0)
    await looksRight()
    respond = { status: 200, body: '{"ok":true}' }
    await page.getByRole('button', { name: 'Replay' }).click()
    const dialog = page.getByRole('dialog', { name: 'Replay this delivery?' })
    await dialog.waitFor()
    await looksRight('dialog')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Replay' }).click()
    await dialog.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Delivered after 2 attempts').waitFor()
    const [first, again] = receiver.received.filter(({ url }) => url.includes('hostile'))
    assert.equal(again?.headers['webhook-id'], first?.headers['webhook-id'])
    assert.deepEqual(complaints, [])
  })

  it('pauses a destination with a reason, and cancels what waits for it', async () => {
    respond = { status: 500, body: '{"error":"database"}' }
    await sendInvoice('waits')
    await page.goto(`${origin}/docs/deliveries/destinations`)
    await page
      .getByRole('button', { name: /^Pause / })
      .first()
      .click()
    await page.getByLabel(/^Why/).fill('their maintenance')
    // The server was started anew meanwhile: the page gets its new token by itself.
    await page.evaluate(() => {
      document.body.dataset['token'] = 'old'
    })
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText('by the console: “their maintenance”').waitFor()
    await looksRight()
    await page.goto(`${origin}/docs/deliveries`)
    await page.locator('main').getByText('1 destination is paused: 1 delivery waits for it.').waitFor()
    await page.getByRole('heading', { name: 'Destinations that need a look' }).waitFor()
    await looksRight()
    await page.getByRole('link', { name: /^invoiceNotification, scheduled/ }).click()
    await page.getByText('The destination is paused').waitFor()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel the delivery' }).click()
    await page.getByText('Cancelled.', { exact: true }).first().waitFor()
    await looksRight()
    assert.deepEqual(complaints, [])
  })

  it('begins at the skip link, and every action is reached by Tab', async () => {
    await page.goto(`${origin}/docs/deliveries`)
    await page.locator('.open').first().waitFor()
    const reached: string[] = []
    for (let times = 0; times < 60; times++) {
      await page.keyboard.press('Tab')
      const name = await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      )
      if (name.startsWith('invoiceNotification')) break
      reached.push(name)
    }
    assert.equal(reached[0], 'Skip to the content')
    for (const name of ['Deliveries', 'Destinations', 'Live', 'API docs', 'Pause all sending', 'Filter'])
      assert.ok(reached.includes(name), `${name} is not in ${reached.join(' | ')}`)
  })

  it('refuses what another page asks for', async () => {
    const other = await browser.newPage()
    await other.goto(`${receiver.url}/page`)
    const asked = await other.evaluate(async at => {
      const post = { method: 'POST', headers: { 'x-ringback-token': 'x' }, body: '{"reason":"x"}' }
      const plain = { method: 'POST', mode: 'no-cors', body: '{"reason":"x"}' } as const
      const ends = [fetch(`${at}/api/sending/pause`, post), fetch(`${at}/api/overview`)].map(one =>
        one.then(
          () => 'read',
          () => 'refused',
        ),
      )
      await fetch(`${at}/api/sending/pause`, plain)
      return Promise.all(ends)
    }, `${origin}/docs/deliveries`)
    await other.close()
    assert.deepEqual(asked, ['refused', 'refused'])
    const overview = (await (await fetch(`${origin}/docs/deliveries/api/overview`)).json()) as { paused?: unknown }
    assert.equal(overview.paused, undefined)
  })

  it('sends webhooks and nested callbacks for whom docs.authorize lets in, each from a panel that is folded', async () => {
    const app = authorizedApp()
    await using served = await serveUntil(app)
    const context = await browser.newContext({ httpCredentials: { username: 'dana', password: 'right' } })
    const docs = await context.newPage()
    await docs.goto(`${served.url}/docs`)
    const section = docs.locator('.webhooks')
    await section.getByRole('button', { name: /An invoice was paid/ }).click()
    await section.getByRole('button', { name: 'Send one to a receiver' }).click()
    respond = { status: 204, body: '' }
    await section.getByLabel('URL', { exact: true }).fill(`${receiver.url}/hooks`)
    await section.getByText('As declared').waitFor()
    await section.getByRole('button', { name: 'Send', exact: true }).click()
    await section.getByText('as declared', { exact: true }).waitFor()
    const sent = receiver.received.at(-1)
    assert.equal(sent?.url, '/hooks')
    assert.equal(JSON.parse(String(sent?.body)).type, 'invoice.paid')

    await docs.getByRole('button', { name: /Create an invoice/ }).click()
    const callbacks = docs.getByRole('region', { name: 'Callbacks' })
    await callbacks.getByRole('button', { name: /Tells of a payment/ }).click()
    const nested = callbacks.getByRole('region', { name: 'Callbacks' })
    await nested.getByRole('button', { name: /Confirms it/ }).click()
    await nested.getByRole('button', { name: 'Send one to a receiver' }).click()
    await nested.getByRole('textbox', { name: 'reply_to' }).fill(`${receiver.url}/replies`)
    await nested.getByText(`POST ${receiver.url}/replies`).waitFor()
    await docs.goto(`${served.url}/docs/deliveries`)
    await docs.getByText('No deliveries yet').waitFor()
    await context.close()
    assert.equal((await fetch(`${served.url}/docs/deliveries`)).status, 401)
  })

  describe('The panel', () => {
    let panel: Locator
    const out = () => panel.getByRole('region', { name: 'What came back' })
    const send = async (manner: string) => {
      await panel.getByLabel('Send it').selectOption({ label: manner })
      await panel.getByRole('button', { name: 'Send', exact: true }).click()
    }

    before(async () => {
      await page.goto(`${origin}/docs#/default/createInvoice`)
      const callbacks = page.getByRole('region', { name: 'Callbacks' })
      await callbacks
        .getByRole('button', { name: /invoice/i })
        .first()
        .click()
      panel = page.locator('.rb-panel')
      await panel.getByLabel('callback_url').fill(`${receiver.url}/events`)
      await panel.getByLabel('id', { exact: true }).fill('2expen51ve')
    })

    it('sends the callback to a receiver, and says whether the response is as declared', async () => {
      respond = { status: 200, body: '{"ok":true}' }
      await panel.getByText(`POST ${receiver.url}/events/invoices/2expen51ve`).waitFor()
      await panel.getByText('As declared by InvoiceEvent').waitFor()
      const withOldToken = (route: Route) =>
        route.continue({ headers: { ...route.request().headers(), 'x-ringback-token': 'old' } })
      await page.route('**/docs/send', withOldToken, { times: 1 })
      await send('as it should be')
      await out().getByText('as declared', { exact: true }).waitFor()
      const sent = receiver.received.at(-1)
      assert.equal(sent?.url, '/events/invoices/2expen51ve')
      await looksRight('.rb-panel')
      respond = { status: 200, body: HOSTILE }
      await send('once more, under the same webhook-id')
      await out().getByText('not as declared').waitFor()
      await out().getByText('<img src=x onerror=').waitFor()
      assert.equal(await page.locator('.rb-panel img').count(), 0)
      assert.equal(receiver.received.at(-1)?.headers['webhook-id'], sent?.headers['webhook-id'])
      await looksRight('.rb-panel')
    })

    it('says when a receiver takes what it should refuse', async () => {
      respond = { status: 200, body: '{"ok":true}' }
      await send('with a wrong signature')
      await out().getByText('accepted a wrong signature').waitFor()
      await looksRight('.rb-panel')
      respond = { status: 401, body: '' }
      await send('with a timestamp of ten minutes ago')
      await out().getByText('refused, as it should be').waitFor()
    })

    it('refuses the addresses that the guard refuses, and says when nobody listens', async () => {
      await panel.getByLabel('callback_url').fill('http://10.0.4.17/hooks')
      await send('as it should be')
      await out().getByText('the address is refused').waitFor()
      await looksRight('.rb-panel')
      await panel.getByLabel('callback_url').fill('http://127.0.0.1:50001')
      await panel.getByRole('textbox', { name: 'Body' }).press('Control+Enter')
      await out().getByText('No connection').waitFor()
      await panel.getByRole('textbox', { name: 'Body' }).fill('{"paid":"yes"}')
      await panel.getByText(/^Not as declared: .* It can be sent all the same/).waitFor()
      await panel.getByRole('tab', { name: 'TypeScript' }).press('ArrowRight')
      await panel.getByRole('region', { name: 'Python code' }).waitFor()
      assert.deepEqual(complaints, [])
    })
  })
})

/** An application for operators, with a webhook, and with a callback that has one of its own. */
function authorizedApp(): Ringback {
  const operator = dependency({ dependencies: { login: httpBasic() } }, ({ login }) => {
    if (login.password !== 'right') throw new HttpError(403, 'This is not for you')
    return login.username
  })
  const webhooks = {
    'invoice.paid': webhook.post({ data: z.object({ total: z.number() }), summary: 'An invoice was paid' }),
  }
  const log = { debug() {}, info() {}, warn() {}, error: console.error }
  const delivery = { store: memoryStore(), signing: { masterSecret: 'the master secret of a test' } }
  const app = new Ringback({ title: 'Both', version: '1.0.0', webhooks, docs: { authorize: operator }, delivery, log })
  const confirmed = callback.post('{$request.body#/reply_to}', {
    summary: 'Confirms it',
    body: z.object({ at: z.string() }),
  })
  const paid = callback.post('{$callback_url}/paid', {
    summary: 'Tells of a payment',
    body: z.object({ reply_to: z.url() }),
    callbacks: { confirmed },
  })
  const query = z.object({ callback_url: z.url() })
  app.post('/invoices', { summary: 'Create an invoice', query, callbacks: { paid } }, async () => {})
  return app
}

async function serveUntil(app: Ringback): Promise<AsyncDisposable & { readonly url: string }> {
  const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true, signals: false, graceMs: 100 })
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() }
}

/** The address that a server prints. What it prints later is read as well, since it would end at a closed pipe. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    server.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk
      const [, found] = /Console at (\S+)\/docs\/deliveries\n/.exec(printed) ?? []
      if (found !== undefined) resolve(found)
    })
    server.once('exit', () => reject(new Error(`It did not start: ${printed}`)))
  })
}
