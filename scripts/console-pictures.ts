import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { root } from './root.ts'

/** Where the pictures go, and the style of the texts of programs in them. */
export interface PictureStyle {
  readonly folder: string
  readonly css: string
}

/** What the receivers of the pictures say, by the first part of the path. */
const responses: Readonly<Record<string, readonly [status: number, body: string]>> = {
  events: [200, '{"ok":true}'],
  hooks: [503, '{"error":"maintenance"}'],
  shop: [200, '{"ok":"yes"}'],
  old: [410, ''],
}

/** Takes the pictures of the panel and the console, as `ringback dev` serves them. */
export async function takeConsole(browser: Browser, style: PictureStyle): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-pictures-'))
  const receiver = createServer((request, response) => {
    const [status, body] = responses[request.url?.split('/')[1] ?? ''] ?? [404, '']
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/json' }).end(body))
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const program = join(root, 'dist/lib/cli/main.js')
  const args = [program, 'dev', join(root, 'examples/invoices.ts'), '--port', '0']
  const env = { ...process.env, RINGBACK_STORE: join(folder, 'deliveries.sqlite') }
  const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const places = { url: await addressOf(server), receiverUrl }
    await takePanel(browser, places, style)
    await takeDeliveries(browser, places, style)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
    receiver.close()
    await rm(folder, { recursive: true })
  }
}

interface Places {
  readonly url: string
  readonly receiverUrl: string
}

async function addressOf(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const [, url] = /Serving at (\S+)/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('"ringback dev" did not start')
}

async function takePanel(browser: Browser, { url, receiverUrl }: Places, style: PictureStyle): Promise<void> {
  const page = await openPage(browser, { width: 900, height: 1200 }, 'light')
  await page.goto(`${url}/docs#/default/createInvoice`)
  const callbacks = page.getByRole('region', { name: 'Callbacks' })
  await callbacks
    .getByRole('button', { name: /invoice/i })
    .first()
    .click()
  const panel = page.locator('.rb-panel')
  await panel.getByLabel('callback_url').fill(`${receiverUrl}/events`)
  await panel.getByLabel('id', { exact: true }).fill('2expen51ve')
  await panel.getByText('As declared by InvoiceEvent').waitFor()
  await panel.getByLabel('Send it').selectOption({ label: 'with a wrong signature' })
  await panel.getByRole('button', { name: 'Send', exact: true }).click()
  await panel.getByText('accepted a wrong signature').waitFor()
  await page.addStyleTag({ content: style.css })
  // The code of receivers below is long, and says nothing new in a picture
  await page.addStyleTag({ content: '.rb-verify { display: none !important }' })
  await panel.screenshot({ path: join(style.folder, 'panel.png') })
  await page.close()
}

async function takeDeliveries(browser: Browser, places: Places, style: PictureStyle): Promise<void> {
  const { url } = places
  for (const [path, id] of [
    ['old', 'A-1005'],
    ['shop', 'A-1006'],
    ['events', 'A-1007'],
    ['hooks', 'A-1008'],
    ['events', '2expen51ve'],
  ] as const)
    await sendInvoice(places, path, id)
  const wide = await openPage(browser, { width: 1200, height: 1010 }, 'light')
  await wide.goto(`${url}/docs/deliveries`)
  await wide
    .getByRole('link', { name: /^invoiceNotification/ })
    .nth(4)
    .waitFor()
  await wide.getByText('not as declared').first().waitFor()
  await wide.addStyleTag({ content: style.css })
  await wide.screenshot({ path: join(style.folder, 'console.png') })
  await wide.close()
  const narrow = await openPage(browser, { width: 390, height: 900 }, 'dark')
  await narrow.goto(`${url}/docs/deliveries?state=scheduled`)
  await narrow.getByRole('link', { name: /^invoiceNotification, scheduled/ }).click()
  await narrow.getByRole('button', { name: 'Cancel', exact: true }).waitFor()
  await narrow.addStyleTag({ content: style.css })
  await narrow.screenshot({ path: join(style.folder, 'console-delivery.png') })
  await narrow.close()
}

function openPage(
  browser: Browser,
  viewport: { readonly width: number; readonly height: number },
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  return browser.newPage({ bypassCSP: true, viewport, colorScheme, reducedMotion: 'reduce' })
}

async function sendInvoice({ url, receiverUrl }: Places, path: string, id: string): Promise<void> {
  const callbackUrl = encodeURIComponent(`${receiverUrl}/${path}`)
  const response = await fetch(`${url}/invoices/?callback_url=${callbackUrl}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, customer: 'Mr. Richie Rich', total: 9999 }),
  })
  if (!response.ok) throw new Error(`The invoice got ${response.status}`)
}
