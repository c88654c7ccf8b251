import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http'
import { type Duplex, duplexPair, Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { clientAddressIn } from '../http/client-address.ts'
import { NO_CONTENT } from '../http/no-content.ts'
import { createServer, request as httpRequest } from '../node-http.ts'
import { once } from '../once.ts'
import type { NodeHandler } from './node-handler.ts'

/**
 * Makes a web-standard handler of one for Node's own server, so that an Express or Fastify application can be mounted:
 * `app.mount('/legacy', fromNodeHandler(express()))`. Requests pass through Node's own parser over a connection in memory,
 * so that the handler sees what a server would give it: streams, `socket.remoteAddress`, and a request that closes when the
 * client goes away.
 *
 * It cannot upgrade a connection.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { fromNodeHandler } from 'ringback/node'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.mount('/legacy', fromNodeHandler((incoming, outgoing) => outgoing.end(`${incoming.method} ${incoming.url}`)))
 *
 * const response = await app.fetch(new Request('http://localhost/legacy/invoices?page=2'))
 * console.log(await response.text()) // GET /invoices?page=2
 * ```
 */
export function fromNodeHandler(handler: NodeHandler): (request: Request, env?: unknown) => Promise<Response> {
  const server = once(() => createServer({ requestTimeout: 0, headersTimeout: 0 }, listenerOf(handler)))
  return async (request, env) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const [client, served] = duplexPair()
    const encrypted = request.url.startsWith('https:') && { encrypted: true }
    server().emit(
      'connection',
      Object.assign(served, { remoteAddress: clientAddressIn(env), failed: reject, ...encrypted }),
    )
    send(request, client).once('response', resolve).on('error', reject)
    return responseOf(await promise, request.method)
  }
}

/** The served end of a connection in memory. */
interface Served {
  /** Fails the request, with what its handler has thrown. */
  failed(error: unknown): void
  destroy(): void
}

/** What a handler throws would end the process. */
const listenerOf =
  (handler: NodeHandler): RequestListener =>
  (incoming, outgoing) => {
    const served: object = incoming.socket
    Promise.try(() => handler(incoming, outgoing)).catch((error: unknown) => {
      const connection = served as Served
      connection.failed(error)
      connection.destroy()
    })
  }

function send(request: Request, connection: Duplex): ClientRequest {
  const { method, url, headers, signal, body } = request
  const { pathname, search, host } = new URL(url)
  const outgoing = httpRequest({
    createConnection: () => connection as never,
    method,
    path: pathname + search,
    headers: { host, ...headersOf(headers), connection: 'close' },
    signal,
  })
  if (body === null) outgoing.end()
  else
    Readable.fromWeb(body as ReadableStream)
      .once('error', error => outgoing.destroy(error))
      .pipe(outgoing)
  return outgoing
}

function headersOf(headers: Headers): OutgoingHttpHeaders {
  const given = Object.fromEntries(headers)
  // These are between the client and its server.
  for (const name of ['transfer-encoding', 'expect', 'upgrade']) delete given[name]
  return given
}

function responseOf(incoming: IncomingMessage, method: string): Response {
  const { statusCode: status = 502, rawHeaders } = incoming
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (!OF_THE_CONNECTION.has(rawHeaders[index]!.toLowerCase()))
      headers.append(rawHeaders[index]!, rawHeaders[index + 1]!)
  const isEmpty = method === 'HEAD' || NO_CONTENT.has(status)
  if (isEmpty) incoming.resume()
  return new Response(isEmpty ? null : (Readable.toWeb(incoming) as BodyInit), { status, headers })
}

/** RFC 9110, section 7.6.1: these are between the two ends of one connection. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding'])
