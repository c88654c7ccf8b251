import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { serve } from 'ringback/node'
import { app } from '../examples/webhooks/app.ts'
import { startBrowser } from './browser.ts'
import { accessibilityFaults } from './support/accessibility-faults.ts'
import { Receiver } from './support/receiver.ts'

/** To look at it: `RINGBACK_PICTURES=folder node --test test/webhooks-screen.test.ts`. */
const pictures = process.env['RINGBACK_PICTURES']

async function look(page: Page, name: string): Promise<void> {
  assert.deepEqual(await accessibilityFaults(page), [], name)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, name)
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

describe('The screen of a customer', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  it('registers, tests, sends, shows, rotates, disables and deletes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringback-screen-'))
    process.env['RINGBACK_STORE'] = join(folder, 'deliveries.sqlite')
    await using receiver = new Receiver()
    await receiver.start()
    const server = await serve(app, { port: 0, signals: false, host: '127.0.0.1', allowLoopback: true })
    const browser = await startBrowser()
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
      const faults: string[] = []
      page.on('pageerror', error => faults.push(error.message))
      page.on('dialog', dialog => void dialog.accept())
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
      await page.goto(server.url)
      await press('Rich & Sons')
      await page.getByText('No endpoint yet').waitFor()

      await page.getByLabel('URL').fill('http://169.254.169.254/')
      await page.getByLabel('invoice.created').check()
      await press('Add endpoint')
      await page.locator('#url-fault').getByText('not allowed').waitFor()
      await page.getByLabel('URL').fill(`${receiver.url}/hooks`)
      await page.getByLabel('Description').fill('<b>The accounting system</b>')
      await page.keyboard.press('Enter')
      await page.getByText('whsec_').waitFor()
      await look(page, 'secret')
      await press('I have kept it')
      await page.waitForFunction(() => !document.documentElement.outerHTML.includes('whsec_'))

      await press('Send a test')
      await page.getByText('Test of invoice.created: accepted (200)').waitFor()
      await press('Send an invoice')
      await receiver.until(() => receiver.received.length === 2)
      await press('Deliveries')
      await page.getByText('delivered', { exact: true }).waitFor()
      await page.locator('summary').press('Enter')
      await page.getByText('"type":"invoice.created"').waitFor()
      await look(page, 'narrow')
      await page.setViewportSize({ width: 1200, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      await look(page, 'wide')

      await press('New secret')
      await page.getByText('whsec_').waitFor()
      await press('I have kept it')
      await press('Disable')
      await page.getByText('disabled: owner').waitFor()
      await press('Delete')
      await page.getByText('No endpoint yet').waitFor()
      assert.deepEqual(faults, [])
      assert.match(receiver.received[0]?.headers['webhook-id'] as string, /^test_/)
    } finally {
      await browser.close()
      await server.close()
      await rm(folder, { recursive: true })
    }
  })
})
