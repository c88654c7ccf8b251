import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { serve } from 'ringback/node'
import { app } from '../examples/invoices.ts'
import { startBrowser } from '../test/browser.ts'
import { takeConsole } from './console-pictures.ts'
import { root } from './root.ts'
import { terminalHtml } from './terminal-html.ts'

/**
 * Takes the pictures of README.md anew: `node scripts/pictures.ts` on Linux, with `script` (util-linux) for a terminal and
 * the font that is named here (fonts-dejavu-core), as the browser comes without one for programs.
 */
const folder = join(root, 'docs/pictures')
const columns = 110
const font = readFileSync('/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf').toString('base64')
const fontFace = `@font-face { font-family: Programs; src: url(data:font/ttf;base64,${font}) }`

async function takeDocsPage(browser: Browser): Promise<void> {
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
  const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1000, height: 1000 } })
  await page.goto(new URL('/docs', server.url).href)
  await page.getByRole('button', { name: /Create an invoice/ }).click()
  const callbacks = page.getByRole('region', { name: 'Callbacks' })
  await callbacks
    .getByRole('button', { name: /invoice/i })
    .first()
    .click()
  await callbacks.getByText('"ok": true').waitFor()
  await page.addStyleTag({
    content: `${fontFace} code, pre, .microlight, .opblock-summary-path * { font-family: Programs !important }`,
  })
  await callbacks.evaluate(element => element.scrollIntoView())
  await page.screenshot({ path: join(folder, 'docs-page.png') })
  await server.close()
}

async function takeDemo(browser: Browser): Promise<void> {
  const command = `stty cols ${columns} rows 40; ${process.execPath} examples/demo.ts --once`
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { cwd: root })
  const [screen = ''] = stdout.replaceAll('\r\n', '\n').split(/^.*2\. The external API is down/m)
  const page = await browser.newPage({ viewport: { width: 1000, height: 400 } })
  await page.setContent(
    `<style>${fontFace} body { margin: 0; background: #1c2022 } pre { margin: 0; padding: 20px 24px; color: #e6e6e6; font: 14px/1.35 Programs; width: max-content }</style><pre>${terminalHtml(screen.trim())}</pre>`,
  )
  await page.locator('pre').screenshot({ path: join(folder, 'demo.png') })
}

mkdirSync(folder, { recursive: true })
await using browser = await startBrowser()
await takeDocsPage(browser)
await takeDemo(browser)
await takeConsole(browser, {
  folder,
  css: `${fontFace} code, pre, kbd, textarea, .microlight { font-family: Programs !important }`,
})
