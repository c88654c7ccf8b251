import type { Application } from '../app/application.ts'
import { appInternals } from '../app/ringback.ts'
import type { SkippedCallback } from '../callback/callback-runtime.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import type { Endpoints } from '../delivery/endpoints/endpoint.ts'
import { ManualClock } from '../manual-clock.ts'
import type { AnyApp } from '../operation/any-app.ts'
import { memoryStore } from '../store/memory-store.ts'
import { type ClientHandshake, type ClientRequest, clientRequest } from './client-request.ts'
import { CookieJar, TEST_HOST } from './cookie-jar.ts'
import { type ExternalApi, ExternalApis } from './external-apis.ts'
import { RaisedErrors } from './raised-errors.ts'
import { type RecordedDelivery, recordingStore } from './recorded-deliveries.ts'
import { handshakeHeaders, openTestSocket } from './socket/open-test-socket.ts'
import type { TestSocket } from './socket/test-socket.ts'

type Send = (path: string, request?: ClientRequest) => Promise<Response>

/** See {@link testClient}. */
export interface TestClientOptions {
  /** Headers of every request that does not say them itself, such as `{ authorization: 'Bearer …' }`. */
  readonly headers?: NonNullable<RequestInit['headers']>
  /** In place of a memory store of this client's own. It is closed with the client. */
  readonly store?: DeliveryStore
  /**
   * Whether an error for which a client would get a 500 is thrown in the test, by the request or the `receive` that it
   * belongs to. Errors that `app.onError` handles are not. Default: false.
   */
  readonly raiseErrors?: boolean
}

/** An application under test: requests without a socket, its callbacks without a network, time that stands still. */
export interface TestClient extends AsyncDisposable {
  readonly get: Send
  readonly post: Send
  readonly put: Send
  readonly patch: Send
  readonly delete: Send
  readonly head: Send
  readonly options: Send
  /**
   * Any method. Cookies that a response sets go along with what is asked for later, as a browser keeps them: by host, path
   * and expiry, the time being that of `clock`; those that are `Secure` also without https.
   */
  request(method: string, path: string, request?: ClientRequest): Promise<Response>
  /**
   * Opens a WebSocket, without a network: resolves when its handshake is accepted, and rejects with
   * `SocketRefusedError` where it is not. Headers, cookies and `query` are those of a request; `headers: { origin }` makes
   * it that of a page.
   */
  websocket(path: string, handshake?: ClientHandshake): Promise<TestSocket>
  /** Moves on only by `clock.advance({ minutes: 5 })`. Starts at 2026-01-01T00:00:00Z. */
  readonly clock: ManualClock
  /** Lets a handler stand in for the API at the origin of `url`; gives back what removes it. */
  externalApi(url: string, api: ExternalApi): () => void
  /**
   * Waits for work in the background, with all that it begins, and sends what is due by the clock, until nothing more is.
   * Rejects with an `Error` if background work does not end: no task ends for 10 s, or new ones always begin.
   */
  deliver(): Promise<void>
  /** What was stored, in that order. */
  readonly deliveries: readonly RecordedDelivery[]
  /** Those of the application: register one at a URL for which `externalApi` stands in. */
  readonly endpoints: Endpoints
  /**
   * Callbacks that had no URL, because a value they need was not sent; and webhooks that no endpoint of their owner wanted.
   */
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
 * Starts an application for a test: its lifespan runs, its clock is yours, what it sends goes to the handlers that
 * `externalApi` puts in place, and a memory store and a master secret of the test stand in place of its own, whatever its
 * definition and the environment say: the store of a running server is never opened. `options.store` is the only way to
 * another store.
 *
 * Requests are for `http://testserver`, which is trusted beside the application's own `trustedHosts` meanwhile; an absolute
 * URL in place of a path is for another host.
 *
 * A destination must still be one that the application allows: `https://www.external.org` is, `http://localhost` is not.
 *
 * Throws an `Error` where the application runs already, served or for another test client.
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
export async function testClient(app: TestableApp, options: TestClientOptions = {}): Promise<TestClient> {
  const internals = appInternals(app)
  if (internals.running)
    throw new Error(
      'The application is already running: close its other test client, and serve it only if its file is the program that was started (import.meta.main)',
    )
  const clock = new ManualClock()
  const apis = new ExternalApis()
  const skipped: SkippedCallback[] = []
  const onSkipped = (one: SkippedCallback) => void skipped.push(one)
  const deliveries: RecordedDelivery[] = []
  const masterSecret = 'the master secret of a test client'
  const raised = new RaisedErrors(options.raiseErrors ?? false)
  internals.standIn({
    host: TEST_HOST,
    clock,
    transport: apis,
    store: recordingStore(options.store ?? memoryStore(), { deliveries, masterSecret, onSkipped }),
    masterSecret,
    onSkipped,
    onFailure: raised.note,
  })
  const restore = () => {
    internals.standIn(undefined)
    internals.overrides.clear()
  }
  await app.start().catch(error => {
    restore()
    throw error
  })
  const close = () => app.close().finally(restore)
  return {
    ...requests(app, options, clock, raised),
    clock,
    externalApi: (url, api) => apis.add(url, api),
    deliver: () => deliver(internals),
    deliveries,
    endpoints: internals.delivery.endpoints,
    skipped,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const PATIENCE_MS = 10_000

async function deliver({ tasks, delivery }: Application): Promise<void> {
  do {
    await tasks.ended(PATIENCE_MS)
    await delivery.engine.deliverDue()
  } while (tasks.running)
}

/** The ways to ask, which share their cookies. */
function requests(app: TestableApp, options: TestClientOptions, clock: ManualClock, raised: RaisedErrors) {
  const defaults = new Headers(options.headers)
  const cookies = new CookieJar(clock)
  const withCookies = (made: Request): Request => {
    const sent = [made.headers.get('cookie'), cookies.header(new URL(made.url))]
    const header = sent.filter(text => text !== null && text !== undefined).join('; ')
    if (header !== '') made.headers.set('cookie', header)
    return made
  }
  const request = async (method: string, path: string, init: ClientRequest = {}): Promise<Response> => {
    const made = withCookies(clientRequest(method, path, init, defaults))
    const failure = raised.watch()
    const env = { incoming: { socket: { remoteAddress: init.clientAddress } } }
    const response = await failure.within(() => app.fetch(made, env))
    failure.raise()
    await cookies.keep(new URL(made.url), response.headers)
    return response
  }
  const websocket = async (path: string, handshake: ClientHandshake = {}): Promise<TestSocket> => {
    const { subprotocols = [], ...init } = handshake
    const made = withCookies(clientRequest('GET', path.replace(/^ws(?=s?:)/, 'http'), init, defaults))
    handshakeHeaders(made.headers, subprotocols)
    const { socket, headers } = await openTestSocket(appInternals(app), made, init.clientAddress, raised)
    await cookies.keep(new URL(made.url), headers)
    return socket
  }
  const by =
    (method: string): Send =>
    (path, init) =>
      request(method, path, init)
  const [get, post, put, patch] = [by('GET'), by('POST'), by('PUT'), by('PATCH')]
  const others = { delete: by('DELETE'), head: by('HEAD'), options: by('OPTIONS') }
  return { get, post, put, patch, ...others, request, websocket }
}
