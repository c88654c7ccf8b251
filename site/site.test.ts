import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { root } from '../scripts/root.ts'
import type { ServedApp } from '../src/node.ts'
import { startBrowser } from '../test/browser.ts'
import { accessibilityFaults } from './accessibility.ts'
import { guideRows } from './guide-rows.ts'
import { serveSite } from './served-site.ts'
import { sitePath } from './site-path.ts'

/** The site is built for a place below a path, so that a link that forgets it is found. */
const base = '/ringback/'
const dist = join(root, 'site/dist')
const rows = guideRows(readFileSync(join(root, 'docs/guide/README.md'), 'utf8'))
/** Chapters of FastAPI by name; several pages may be about one. */
const chapters = Map.groupBy(
  rows.filter(({ chapter }) => chapter !== undefined),
  ({ chapter = '' }) => chapter,
)
const SHOWN_FIRST = 5
/** Pages that have between them all that a page can have; dark ones only differ in their colours. */
const kinds = {
  light: ['', 'guide/callbacks.html', 'reference/errors.html', 'api/ringback/expression.html'],
  dark: ['', 'guide/callbacks.html'],
} as const

/** What a page leads to, what it is made of, and where one can be led in it. */
interface Seen {
  readonly links: readonly string[]
  readonly parts: readonly string[]
  readonly anchors: readonly string[]
}

describe('The site of the documentation', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  let server: ServedApp
  let browser: Browser
  let home: string

  before(async () => {
    server = await serveSite(dist, base)
    home = `${server.url}${base}`
    browser = await startBrowser()
  })

  after(async () => {
    await browser?.close()
    await server?.close()
  })

  /** A page in the browser that writes down what it should not do. */
  async function openPage(complaints: string[], colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(20_000)
    const note = (text: string) => complaints.push(`${page.url()}: ${text}`)
    page.on('console', message => ['error', 'warning'].includes(message.type()) && note(message.text()))
    page.on('pageerror', error => note(error.message))
    page.on('response', response => response.status() >= 400 && note(`${response.url()} is a ${response.status()}`))
    page.on('request', request => {
      if (isForeign(new URL(request.url()))) note(`asks ${request.url()}`)
    })
    return page
  }

  it('has a page for each file that is one', () => {
    const sources = globSync(['*.md', 'docs/**/*.md', 'decisions/*.md', 'site/api/**/*.md'], { cwd: root })
    const wanted = sources.flatMap(file => sitePath(file)?.replace(/\.md$/, '.html') ?? [])
    const built = new Set(globSync('**/*.html', { cwd: dist }))
    assert.deepEqual(
      wanted.filter(file => !built.has(file)),
      [],
    )
    assert.ok(built.has('guide/first-steps.html'))
  })

  it('shows no anchor as text', () => {
    const shown = globSync('api/**/*.html', { cwd: dist }).filter(file =>
      readFileSync(join(dist, file), 'utf8').includes('&lt;a id='),
    )
    assert.deepEqual(shown, [])
  })

  it('has no link that leads nowhere, and takes nothing from another host', async () => {
    await using page = await browser.newPage()
    const seen = new Map<string, Seen>()
    for (const file of globSync('**/*.html', { cwd: dist }))
      seen.set(home + file, await page.evaluate(seenIn, readFileSync(join(dist, file), 'utf8')))
    assert.ok(seen.size > 100, `${seen.size} pages`)
    assert.deepEqual(brokenLinks(seen), [])
    const foreign = [...seen].flatMap(([url, { parts }]) => parts.filter(part => isForeign(new URL(part, url))))
    assert.deepEqual(foreign, [])
  })

  /** Runs in the browser, which parses the page without loading anything. */
  const seenIn = (html: string): Seen => {
    const parsed = new DOMParser().parseFromString(html, 'text/html')
    const valuesOf = (selector: string, name: string): string[] => [
      ...new Set(Array.from(parsed.querySelectorAll(selector), element => element.getAttribute(name) ?? '')),
    ]
    return {
      links: valuesOf('a[href]', 'href'),
      parts: [...valuesOf('link[href]', 'href'), ...valuesOf('[src]', 'src')],
      anchors: valuesOf('[id]', 'id'),
    }
  }

  const isForeign = ({ protocol, origin }: URL): boolean => protocol !== 'data:' && origin !== server.url

  /** Links to this host that lead to no file of the site, or to no anchor of its page. */
  function brokenLinks(seen: ReadonlyMap<string, Seen>): string[] {
    const files = new Set(globSync('**/*.*', { cwd: dist }).map(file => home + file))
    const anchors = new Map([...seen].map(([url, { anchors }]) => [url, new Set(anchors)]))
    const isBroken = ({ origin, pathname, hash }: URL): boolean => {
      if (origin !== server.url) return false
      const url = `${origin}${pathname}`.replace(/\/$/, '/index.html')
      if (!files.has(url)) return true
      return hash !== '' && anchors.get(url)?.has(decodeURIComponent(hash.slice(1))) !== true
    }
    return [...seen].flatMap(([url, { links, parts }]) =>
      [...links, ...parts].filter(link => isBroken(new URL(link, url))).map(link => `${url} leads to ${link}`),
    )
  }

  it('finds each page of the guide by the name of FastAPI’s chapter, among the first ones', async () => {
    const complaints: string[] = []
    await using page = await openPage(complaints)
    await page.goto(home)
    await page.locator('.DocSearch-Button').click()
    const missed: string[] = []
    for (const [chapter, rows] of chapters) {
      await page.locator('#localsearch-input').fill(chapter)
      const found = await page
        .waitForFunction(
          areShown,
          { wanted: rows.map(({ file }) => file.replace(/md$/, 'html')), first: SHOWN_FIRST },
          { timeout: 5_000, polling: 50 },
        )
        .catch(() => undefined)
      if (found === undefined) missed.push(chapter)
    }
    assert.deepEqual(missed, [])
    assert.deepEqual(complaints, [])
    assert.ok(chapters.size > 60, `${chapters.size} chapters`)
  })

  /** Runs in the browser: whether these pages are among the first results. */
  const areShown = ({ wanted, first }: { readonly wanted: readonly string[]; readonly first: number }): boolean => {
    const results = Array.from(document.querySelectorAll<HTMLAnchorElement>('#localsearch-list a'), ({ href }) => href)
    return wanted.every(file =>
      results.slice(0, first).some(href => href.replace(/#.*/, '').endsWith(`/guide/${file}`)),
    )
  }

  /** Runs in the browser: a few groups of the sidebar have all that the others have, which are most of the work. */
  const shortenSidebar = (): void => {
    const others = document.querySelectorAll('#VPSidebarNav .group:nth-of-type(n+4):not(:last-of-type)')
    for (const group of others) group.remove()
  }

  for (const colorScheme of ['light', 'dark'] as const)
    it(`asks no other host and breaks no rule of accessibility on any kind of page (${colorScheme})`, async () => {
      const complaints: string[] = []
      await using page = await openPage(complaints, colorScheme)
      for (const kind of kinds[colorScheme]) {
        await page.goto(home + kind)
        await page.waitForLoadState('networkidle')
        await page.evaluate(shortenSidebar)
        for (const fault of await accessibilityFaults(page)) complaints.push(`${kind}: ${fault}`)
      }
      await page.locator('.DocSearch-Button').click()
      await page.locator('#localsearch-input').fill('callbacks')
      await page.locator('#localsearch-list a').first().waitFor()
      for (const fault of await accessibilityFaults(page)) complaints.push(`search: ${fault}`)
      assert.deepEqual(complaints, [])
    })
})
