import type { SkippedCallback } from '../app/callback-runtime.ts'
import { appInternals } from '../app/ringback.ts'
import { ManualClock } from '../manual-clock.ts'
import type { AnyApp } from '../operation/context.ts'
import { memoryStore } from '../store/memory-store.ts'
import { type ExternalApi, ExternalApis } from './external-apis.ts'
import { type RecordedDelivery, recordingStore } from './recorded-deliveries.ts'

/** What a request of a test client may say beside method and path. */
export interface ClientRequest extends Omit<RequestInit, 'method' | 'body'> {
  /** A JSON body; sets the content type. */
  readonly json?: unknown
  /** What the handler gets as `clientAddress`. Default: undefined. */
  readonly clientAddress?: string
  /** A body as it is. */
  readonly body?: NonNullable<RequestInit['body']>
}

type Send = (path: string, request?: ClientRequest) => Promise<Response>

/** An application under test: requests without a socket, its callbacks without a network, time that stands still. */
export interface TestClient extends AsyncDisposable {
  readonly get: Send
  readonly post: Send
  readonly put: Send
  readonly patch: Send
  readonly delete: Send
  readonly head: Send
  readonly options: Send
  /** Any method. */
  request(method: string, path: string, request?: ClientRequest): Promise<Response>
  /** Moves on only by `clock.advance({ minutes: 5 })`. Starts at 2026-01-01T00:00:00Z. */
  readonly clock: ManualClock
  /** Lets a handler stand in for the API at the origin of `url`; gives back what removes it. */
  externalApi(url: string, api: ExternalApi): () => void
  /** Sends what is due by the clock, until nothing more is. */
  deliver(): Promise<void>
  /** What was stored, in that order. */
  readonly deliveries: readonly RecordedDelivery[]
  /** Callbacks that had no URL, because a value they need was not sent. */
  readonly skipped: readonly SkippedCallback[]
  /** Ends lifespan and worker, undoes overrides, and gives the application its own parts back. Also `await using`. */
  close(): Promise<void>
}

/** What can be tested: a `Ringback` application. */
export interface TestableApp extends AnyApp {
  start(): Promise<void>
  close(options?: { readonly graceMs?: number }): Promise<void>
}

/**
 * Starts an application for a test: its lifespan runs, a memory store stands in place of the default one, its clock is
 * yours, and what it sends goes to the handlers that `externalApi` puts in place.
 *
 * A destination must still be one that the application allows: `https://www.external.org` is, `http://localhost` is not.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { callback, Ringback } from 'ringback'
 * import { testClient } from 'ringback/testing'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const paid = callback.post('{$callback_url}/paid', { body: z.object({ paid: z.boolean() }) })
 * app.post('/pay', { query: z.object({ callback_url: z.url() }), callbacks: { paid } }, async ({ callbacks }) => {
 *   await callbacks.paid.send({ paid: true })
 * })
 *
 * await using client = await testClient(app)
 * const received: unknown[] = []
 * client.externalApi('https://www.external.org', async request => {
 *   received.push(await request.json())
 *   return new Response(null, { status: 204 })
 * })
 * await client.post('/pay?callback_url=https://www.external.org')
 * await client.deliver()
 * assert.deepEqual(received, [{ paid: true }])
 * ```
 */
export async function testClient(app: TestableApp): Promise<TestClient> {
  const { standIn, delivery, clearOverrides } = appInternals(app)
  const clock = new ManualClock()
  const apis = new ExternalApis()
  const skipped: SkippedCallback[] = []
  const deliveries: RecordedDelivery[] = []
  standIn({
    clock,
    transport: apis,
    store: (given = memoryStore()) => recordingStore(given, deliveries),
    masterSecret: 'the master secret of a test client',
    onSkipped: one => skipped.push(one),
  })
  await app.start()
  const request = (method: string, path: string, { clientAddress, ...init }: ClientRequest = {}): Promise<Response> =>
    app.fetch(new Request(new URL(path, 'http://testserver'), requestInit(method, init)), {
      incoming: { socket: { remoteAddress: clientAddress } },
    })
  const send =
    (method: string): Send =>
    (path, init) =>
      request(method, path, init)
  const close = async (): Promise<void> => {
    await app.close()
    standIn(undefined)
    clearOverrides()
  }
  return {
    get: send('GET'),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    delete: send('DELETE'),
    head: send('HEAD'),
    options: send('OPTIONS'),
    request,
    clock,
    externalApi: (url, api) => apis.add(url, api),
    deliver: () => delivery.runtime().engine.deliverDue(),
    deliveries,
    skipped,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function requestInit(method: string, { json, headers, ...rest }: ClientRequest): RequestInit {
  const init: RequestInit = { ...rest, method, headers: new Headers(headers) }
  if (json === undefined) return init
  const given = new Headers(headers)
  if (!given.has('content-type')) given.set('content-type', 'application/json')
  return { ...init, headers: given, body: JSON.stringify(json) }
}
