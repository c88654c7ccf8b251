import type { IncomingMessage, ServerResponse } from 'node:http'
import { problemResponse } from '../../http/problem-details.ts'
import type { PlainResponse } from '../../http/request-view.ts'

/** What Express and functions of clouds add to Node's request. */
interface HostedMessage extends IncomingMessage {
  readonly originalUrl?: unknown
  readonly body?: unknown
  readonly rawBody?: unknown
}

/**
 * Makes a handler for Express, Fastify's `reply.hijack()`, Next's pages or `http.createServer` out of a web handler, such
 * as `receive` makes. The bytes must come as they were sent: put it before `express.json()`, or behind `express.raw()`. A
 * body that was parsed before is gone, and the response is a 500 that says so in the log.
 *
 * @example
 * ```ts
 * import { once } from 'node:events'
 * import { createServer } from 'node:http'
 * import { toNodeHandler } from 'ringback/receiver'
 *
 * const handler = toNodeHandler(async request => Response.json({ got: await request.text() }))
 * const server = createServer(handler).listen(0, '127.0.0.1')
 * await once(server, 'listening')
 * const { port } = server.address() as { port: number }
 * const response = await fetch(`http://127.0.0.1:${port}/events`, { method: 'POST', body: 'hello' })
 * console.log(await response.json()) // { got: 'hello' }
 * server.close()
 * ```
 */
export function toNodeHandler(
  handler: (request: Request) => Response | Promise<Response>,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    try {
      await write(await handler(requestOf(incoming, outgoing)), outgoing)
    } catch (error) {
      console.error(error)
      writePlain(problemResponse(500, 'The message could not be handled'), outgoing)
    }
  }
}

function requestOf(incoming: HostedMessage, outgoing: ServerResponse): Request {
  const { method = 'GET', originalUrl, headers } = incoming
  const target = typeof originalUrl === 'string' ? originalUrl : (incoming.url ?? '/')
  const base = `http://${headers.host ?? headers[':authority'] ?? 'localhost'}`
  // Not as a reference: one that begins with "//" would name a host
  const url = URL.parse(target.startsWith('/') ? base + target : target) ?? new URL('http://localhost/')
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const init = { method, headers: headersOf(incoming), signal: gone.signal }
  if (method === 'GET' || method === 'HEAD') return new Request(url, init)
  return new Request(url, { ...init, body: bodyOf(incoming), duplex: 'half' } as RequestInit)
}

/** The bytes that a parser of the host has kept as they were, or the request itself. */
function bodyOf(incoming: HostedMessage): BodyInit {
  for (const bytes of [incoming.rawBody, incoming.body]) if (bytes instanceof Uint8Array) return new Uint8Array(bytes)
  if (incoming.readableDidRead)
    throw new TypeError(
      'The body of the request was read before it came to the receiver, as express.json() does: put the receiver before it, or express.raw({ type: "*/*" }) in its place',
    )
  return bytesOf(incoming)
}

/** Asked for piece by piece: what nobody reads stays Node's, which reads it away and keeps the connection. */
function bytesOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let pieces: AsyncIterator<Uint8Array> | undefined
  return new ReadableStream(
    {
      async pull(controller) {
        pieces ??= incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
        const { done, value } = await pieces.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces?.return?.()
        incoming.resume()
      },
    },
    { highWaterMark: 0 },
  )
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    // Those of HTTP/2 that are none
    if (!rawHeaders[index]!.startsWith(':')) headers.append(rawHeaders[index]!, rawHeaders[index + 1]!)
  return headers
}

async function write(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = response.body === null ? undefined : await response.bytes()
  writePlain({ status: response.status, headers: Object.fromEntries(response.headers), body }, outgoing)
}

function writePlain({ status, headers, body }: PlainResponse, outgoing: ServerResponse): void {
  if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy()
  const bytes = Buffer.from((body as string | Uint8Array | undefined) ?? '')
  const length = status === 204 || status === 304 ? {} : { 'content-length': String(bytes.byteLength) }
  outgoing.writeHead(status, { ...headers, ...length }).end(status === 204 || status === 304 ? undefined : bytes)
}
