import { HttpError } from '../../http/http-error.ts'
import type { PlainResponse } from '../../http/request-view.ts'
import type { DocsAccess } from '../access/docs-access.ts'
import { type DocsFile, readDocsFile } from '../docs-file.ts'
import { type DocsRoute, jsonReply, PRIVATE_HEADERS } from '../docs-route.ts'
import { pagePolicy } from '../page-policy.ts'
import { staticResponse } from '../static-response.ts'
import { consoleActions } from './console-actions.ts'
import { CONSOLE_FILES } from './console-files.ts'
import { consoleHtml } from './console-html.ts'
import type { ConsoleSource } from './console-source.ts'
import { deliveryIdOf } from './delivery-id-of.ts'
import { listOptions, textsOf } from './delivery-query.ts'
import { DeliveryRows, shownDelivery } from './delivery-views.ts'
import { OverviewFeed } from './overview-feed.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'

/** Where the console is, and the page of the documentation. */
export interface ConsolePaths {
  readonly console: string
  readonly docs: string | undefined
  readonly openapi: string | undefined
}

/** All routes of the console below its path: pages, their files, what they ask for, and what they do. */
export function consoleRoutes(source: ConsoleSource, paths: ConsolePaths, access: DocsAccess): DocsRoute[] {
  const feed = new OverviewFeed(source)
  const path = paths.console
  const show = (below: string, respond: NonNullable<DocsRoute['respond']>): DocsRoute => ({
    ...{ method: 'get', path: path + below, asked: 'show', respond },
  })
  return [
    ...['', '/destinations', '/{id}'].map(below => show(below, async () => page(below, source, paths, access))),
    ...Object.entries(CONSOLE_FILES).map(([name, load]) => show(`/files/${name}`, file(name, load))),
    ...reading(source, feed).map(([below, respond]) => show(`/api${below}`, respond)),
    { method: 'get', path: `${path}/api/events`, asked: 'show', events: ({ signal }) => feed.watch(signal) },
    ...consoleActions(source, feed).map(([below, respond]) => ({
      ...({ method: 'post', path: `${path}/api${below}`, asked: 'act', respond } as const),
    })),
  ]
}

function page(below: string, source: ConsoleSource, paths: ConsolePaths, access: DocsAccess): PlainResponse {
  const up = '../'.repeat(below.split('/').length - 1) || './'
  const name = paths.console.slice(paths.console.lastIndexOf('/') + 1)
  const { title, version } = source
  const base = `${up}${encodeURIComponent(name)}`
  const toRoot = up + '../'.repeat(paths.console.split('/').length - 2)
  const seen = (path: string | undefined) => path && toRoot + path.slice(1)
  return {
    status: 200,
    headers: {
      ...PRIVATE_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(),
    },
    body: consoleHtml({
      title,
      version,
      base,
      docs: seen(paths.docs),
      openapi: seen(paths.openapi),
      token: access.token,
    }),
  }
}

function file(name: string, load: () => DocsFile): NonNullable<DocsRoute['respond']> {
  const respond = staticResponse({ name, read: () => readDocsFile(load) })
  return ({ view }) => respond(view.header('if-none-match'))
}

type Reading = readonly [below: string, respond: NonNullable<DocsRoute['respond']>]

/** What the pages ask for. */
function reading(source: ConsoleSource, feed: OverviewFeed): Reading[] {
  const { deliveries, destinations } = source
  const rows = new DeliveryRows(deliveries)
  return [
    ['/overview', async () => jsonReply(await feed.now())],
    ['/about', async () => jsonReply({ operations: source.operations(), location: source.location() })],
    [
      '/deliveries',
      async ({ view }) => {
        const options = listOptions(textsOf(view.queryText), source.clock.now())
        const { items, nextCursor } = await refuseUnreadable(() => deliveries.list(options))
        return jsonReply({ items: await rows.of(items), nextCursor })
      },
    ],
    [
      '/deliveries/{id}',
      async ({ params }) => {
        const found = await deliveries.get(deliveryIdOf(params))
        if (found === undefined)
          throw new HttpError(404, 'There is no such delivery: its row may be past its retention')
        const place = await placeOf(source, found.url, found.recipient)
        const declared = source.declared(found.operation, found.callback)
        return jsonReply({ ...shownDelivery(found), declared, place })
      },
    ],
    [
      '/destinations',
      async ({ view }) => {
        const text = textsOf(view.queryText)
        const [state, part, cursor] = [text('state'), text('text'), text('cursor')]
        const options = {
          ...(state && { state: stateIn(state) }),
          ...(part && { text: part }),
          ...(cursor && { cursor }),
        }
        return jsonReply(await refuseUnreadable(() => destinations.list(options)))
      },
    ],
    [
      '/replays/{id}',
      async ({ params }) => {
        const progress = await deliveries.replays.get(params['id'] ?? '')
        if (progress === undefined) throw new HttpError(404, 'There is no such replay')
        return jsonReply(progress)
      },
    ],
  ]
}

/** The destination that a delivery goes to, as far as its own URL tells. */
async function placeOf({ destinations }: ConsoleSource, url: string, recipient: string | undefined) {
  const origin = URL.parse(url)?.origin
  if (origin === undefined) return undefined
  const { items } = await destinations.list({ text: origin, limit: 100 })
  const beginning = (place: string) => place.replace(/\?\*\*\*$/, '')
  const fitting = items.filter(item => item.recipient === recipient && url.startsWith(beginning(item.url)))
  return fitting.toSorted((a, b) => b.url.length - a.url.length)[0]
}

function stateIn(text: string): 'healthy' | 'slowed' | 'open' | 'paused' {
  if (text === 'healthy' || text === 'slowed' || text === 'open' || text === 'paused') return text
  throw new HttpError(400, `There is no state "${text.slice(0, 40)}"`)
}
