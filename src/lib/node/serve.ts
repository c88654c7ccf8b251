import type { Server } from 'node:http'
import type { Application } from '../app/application.ts'
import type { CloseOptions } from '../app/life/closing.ts'
import { appInternals } from '../app/ringback.ts'
import { endsWithin } from '../ends-within.ts'
import { createServer } from '../node-http.ts'
import { once } from '../once.ts'
import type { Health } from './health/health.ts'
import { asksForHealth, respondWithHealth } from './health/health-listener.ts'
import { type WatchedHealth, watchHealth } from './health/watch-health.ts'
import { listen } from './listen.ts'
import { loopback } from './loopback.ts'
import { type Listener, requestListeners } from './request-listener.ts'
import type { ServableApp } from './servable-app.ts'
import { type CheckedServeOptions, checkedServeOptions, type ServeOptions } from './serve-options.ts'
import { closeOnSignals } from './shutdown.ts'
import type { SlowBodies } from './slow-bodies.ts'
import { isHandshake } from './socket/is-handshake.ts'

/** A running server. */
export interface ServedApp {
  /** With scheme, host and port, without a last slash. */
  readonly url: string
  readonly port: number
  /** Where `healthPort` listens; undefined where there is none. */
  readonly healthPort: number | undefined
  /** Takes no new requests and attempts, lets those on their way end, and lets go of everything. */
  close(): Promise<void>
}

const SWEEP_MS = 50
const BODY_SWEEP_MS = 5_000
/** Node answers no upgrade that is taken without a listener, so an application without WebSockets takes none. */
const TAKES_HANDSHAKES = { shouldUpgradeCallback: isHandshake }

/**
 * Starts an application: its lifespan, an HTTP server, and the worker that delivers its callbacks. It prints the
 * address, those of the docs page and the console, and the path of the delivery store.
 *
 * On SIGINT or SIGTERM it closes in order: no new requests or attempts, what runs ends within `graceMs`, attempts still
 * running are aborted and recorded; what has not ended after `closeTimeoutMs` is abandoned. A second signal ends the process
 * at once, by SIGKILL. So does the first, about 2 s after `graceMs`, where the disk of the store hangs. Rejects with Node's
 * error where the port is taken, with a `DefinitionError` for an invalid option or `PORT` and for an application that is mounted, with
 * `SigningKeyError` for a `RINGBACK_MASTER_SECRET` that cannot be used, with `StoreUnavailableError` where the store cannot be
 * used until somebody mends it (no database, another application's, one that others can write), and with
 * `MasterSecretUnknownError` where it was used with other master secrets.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { serve } from 'ringback/node'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const server = await serve(app, { port: 0, host: '127.0.0.1' })
 * console.log((await fetch(`${server.url}/openapi.json`)).status) // 200
 * await server.close()
 * ```
 */
export async function serve(app: ServableApp, options: ServeOptions = {}): Promise<ServedApp> {
  const checked = checkedServeOptions(options)
  const internals = appInternals(app)
  internals.gate.refuseEndlessRedirects()
  if (checked.allowLoopback) internals.delivery.allow(loopback)
  const watched = await watchHealth(internals, checked.healthPort, checked.host)
  try {
    return await serveWatched(app, checked, watched)
  } catch (error) {
    watched.close()
    throw error
  }
}

async function serveWatched(
  app: ServableApp,
  checked: CheckedServeOptions,
  watched: WatchedHealth,
): Promise<ServedApp> {
  const { port, host, graceMs, closeTimeoutMs, signals } = checked
  const internals = appInternals(app)
  const { delivery, streams, sockets } = internals
  const { health } = watched
  await app.start()
  const server = await createAppServer(internals, checked, health)
  const address = await listen(server, port, host).catch(async (error: unknown) => {
    await app.close({ graceMs: 0 })
    throw error
  })
  const close = once(() => {
    health.closing()
    delivery.stopClaiming()
    streams.endAll()
    sockets.closeAll()
    return closeServed(server, app, { graceMs, closeTimeoutMs }).finally(watched.close)
  })
  const forget = signals ? closeOnSignals(close, internals.log) : () => {}
  health.started()
  const url = `http://${hostOf(host)}:${address.port}`
  tellServed(internals, checked, { url, healthPort: watched.port })
  return { url, port: address.port, healthPort: watched.port, close: () => close().finally(forget) }
}

async function createAppServer(
  internals: Application,
  { limits, health: onThisPort }: CheckedServeOptions,
  health: Health,
): Promise<Server> {
  const { maxRequestsPerSocket, ...times } = limits
  const listeners = requestListeners(internals)
  // Of a header that must stand once Node would keep the first; joined, it is refused, whoever reads the request.
  const httpOptions = { joinDuplicateHeaders: true, ...times }
  const { haveSockets } = internals.operations
  const request = onThisPort ? healthFirst(health, listeners.request) : listeners.request
  const server = createServer({ ...httpOptions, ...(haveSockets && TAKES_HANDSHAKES) }, request)
    .on('checkContinue', listeners.checkContinue)
    .on('close', endSlowBodies(listeners.bodies))
  if (haveSockets) {
    const { upgradeListener } = await import('./socket/upgrade-listener.ts')
    server.on('upgrade', upgradeListener(internals, listeners.request))
  }
  server.maxRequestsPerSocket = maxRequestsPerSocket
  return server
}

/** Responds to who asks for the health of the process before anything else judges the request. */
const healthFirst =
  (health: Health, next: Listener): Listener =>
  (incoming, outgoing) =>
    asksForHealth(incoming) ? void respondWithHealth(health, incoming, outgoing) : next(incoming, outgoing)

function tellServed(
  { log, routes, docs, delivery }: Application,
  { host, allowLoopback, health }: CheckedServeOptions,
  { url, healthPort }: { readonly url: string; readonly healthPort: number | undefined },
): void {
  log.info(`Serving at ${url}`)
  if (routes.docsPath !== undefined) log.info(`Docs page at ${url}${routes.docsPath}`)
  if (docs.consolePath !== undefined) log.info(`Console at ${url}${docs.consolePath}`)
  if (health) log.info(`Health at ${url}/healthz`)
  if (healthPort !== undefined) log.info(`Health at http://${hostOf(host)}:${healthPort}/healthz`)
  if (delivery.storeLocation !== undefined) log.info(`Deliveries stored in ${delivery.storeLocation}`)
  if (allowLoopback) log.warn('Callbacks to this machine are allowed: for development only')
}

/** Looks at bodies that do not come on; gives back what ends that. */
function endSlowBodies(bodies: SlowBodies): () => void {
  const timer = setInterval(() => bodies.sweep(performance.now()), BODY_SWEEP_MS).unref()
  return () => clearInterval(timer)
}

async function closeServed(
  server: Server,
  app: ServableApp,
  { graceMs, closeTimeoutMs }: Required<CloseOptions>,
): Promise<void> {
  const begunAt = performance.now()
  const leftOf = (ms: number) => Math.max(0, ms - (performance.now() - begunAt))
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  // Node closes those that are idle now; the others would stay open for their keep-alive time after their last response.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const deadline = setTimeout(() => {
    server.closeAllConnections()
    appInternals(app).sockets.terminateAll()
  }, graceMs)
  await endsWithin(closed, closeTimeoutMs)
  clearInterval(sweep)
  clearTimeout(deadline)
  await app.close({ graceMs: leftOf(graceMs), closeTimeoutMs: leftOf(closeTimeoutMs) })
}

function hostOf(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
