import type { PlainResponse, RequestView } from '../http/request-view.ts'
import type { ServerSentEvent } from '../operation/bodies/event-stream.ts'
import type { Asked } from './access/docs-access.ts'

/** A request that was let through, as a route of the console or the panel sees it. */
export interface DocsRequest {
  readonly view: RequestView
  readonly params: Readonly<Record<string, string>>
  /** What `docs.authorize` gave. */
  readonly who: unknown
  readonly signal: AbortSignal
}

/** A route that `docs.authorize` stands before. */
export interface DocsRoute {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly asked: Asked
  readonly respond?: (request: DocsRequest) => Promise<PlainResponse>
  /** In place of `respond`: events, one by one. */
  readonly events?: (request: DocsRequest) => AsyncGenerator<ServerSentEvent>
}

/** What every response of these routes says: it is for one reader, and for this page. */
export const PRIVATE_HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

export const jsonReply = (value: unknown, status = 200): PlainResponse => ({
  status,
  headers: { ...PRIVATE_HEADERS, 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
