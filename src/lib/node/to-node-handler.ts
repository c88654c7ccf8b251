import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { CloseOptions } from '../app/life/closing.ts'
import { appInternals } from '../app/ringback.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import { once } from '../once.ts'
import { hostPathOf, withoutBasePath } from './host-request.ts'
import { HostedLife } from './hosted-life.ts'
import { requestListeners } from './request-listener.ts'
import type { ServableApp } from './servable-app.ts'
import type { UpgradeListener } from './socket/upgrade-listener.ts'
import { writeResponse } from './write-response.ts'

/** An application as a handler of Node's own server: what `toNodeHandler` gives. */
export interface HostedApp {
  (incoming: IncomingMessage, outgoing: ServerResponse): void
  /** Takes the handshakes of its WebSockets: `server.on('upgrade', handler.upgrade)`. It responds to any path, so give it none of others. */
  readonly upgrade: UpgradeListener
  /** Starts the application before its first request, and rejects where that fails. */
  start(): Promise<void>
  /** Closes it before its server. */
  close(options?: CloseOptions): Promise<void>
}

/**
 * Makes a handler for another server of Node out of an application: for Express, Fastify, Next or `http.createServer`.
 *
 * The application starts with its first request, or by `start()` where deliveries that wait should go out at once, and
 * closes when the server of that request has closed. A request that comes before it has started waits; if it cannot start,
 * the response is a 503 and the log says why.
 *
 * Where the host has it under a path, give that as `basePath`: Express removes the path, and from other hosts it is removed
 * here. Its WebSockets need `server.on('upgrade', handler.upgrade)`. A body that the host has read before, as `express.json()` does, is gone: the response is a 500, and the log says
 * how to mend it.
 *
 * Throws a `DefinitionError` for an application that is mounted.
 *
 * @example
 * ```ts
 * import { once } from 'node:events'
 * import { createServer } from 'node:http'
 * import { Ringback } from 'ringback'
 * import { toNodeHandler } from 'ringback/node'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0', basePath: '/api' })
 * app.get('/invoices', { response: z.array(z.string()) }, () => ['2expen51ve'])
 *
 * const server = createServer(toNodeHandler(app)).listen(0, '127.0.0.1')
 * await once(server, 'listening')
 * const { port } = server.address() as { port: number }
 * console.log(await (await fetch(`http://127.0.0.1:${port}/api/invoices`)).json()) // [ '2expen51ve' ]
 * server.close()
 * ```
 */
export function toNodeHandler(app: ServableApp): HostedApp {
  const internals = appInternals(app)
  const { log } = internals
  if (internals.mountedAt !== undefined)
    throw new DefinitionError(
      `The application is mounted at "${internals.mountedAt}": make a handler of the one that mounts it`,
    )
  const textOf = (incoming: IncomingMessage): string =>
    hostPathOf(incoming) ? (incoming.url ?? '/') : withoutBasePath(incoming.url ?? '/', internals.basePath)
  const { request, bodies } = requestListeners(internals, textOf)
  let isPlaced = false
  const life = new HostedLife(app, internals, bodies)
  /** Serves what has come once the application runs, or refuses it. */
  const take = (incoming: IncomingMessage, serve: () => unknown, refuse: (detail: string) => unknown): void => {
    life.follow((incoming.socket as { readonly server?: Server }).server)
    if (life.running) serve()
    else if (life.closed) refuse('The application has closed')
    else
      life.start().then(serve, (error: unknown) => {
        log.error('The application could not start', { error })
        refuse('The application could not start; the error has been logged')
      })
  }
  const handler = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const hostPath = hostPathOf(incoming)
    if (!isPlaced && hostPath !== undefined && !internals.basePath.endsWith(hostPath))
      log.warn(misplaced(hostPath, internals.basePath))
    isPlaced = true
    take(
      incoming,
      () => request(incoming, outgoing),
      detail => writeResponse(unavailable(detail), outgoing, log),
    )
  }
  const sockets = once(async () => {
    const { refuseUpgrade, upgradeListener } = await import('./socket/upgrade-listener.ts')
    return { listener: upgradeListener(internals, request, textOf), refuseUpgrade }
  })
  const upgrade: UpgradeListener = (incoming, socket, head) => {
    socket.on('error', () => {})
    void sockets().then(({ listener, refuseUpgrade }) =>
      take(
        incoming,
        () => listener(incoming, socket, head),
        detail => refuseUpgrade(unavailable(detail), incoming, socket, log),
      ),
    )
  }
  return Object.assign(handler, {
    upgrade,
    start: () => life.start(),
    close: (options?: CloseOptions) => life.close(options),
  })
}

const misplaced = (hostPath: string, basePath: string): string =>
  `The application is reached under "${hostPath}", and its "basePath" is "${basePath}": set it to the path that clients see, or redirects, "$url" and the servers of the document lead elsewhere`

const unavailable = (detail: string): PlainResponse => problemResponse(503, detail, {}, { 'retry-after': '1' })
