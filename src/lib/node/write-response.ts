import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a web `Response` to Node's. One whose body is there at once leaves with its length; any other is streamed, its
 * headers first. Throws what goes wrong on our side; a client that goes away only cancels the body.
 */
export async function writeResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const { status, body } = response
  if (response.bodyUsed) throw new TypeError('The body of the returned Response has already been read')
  if (outgoing.destroyed) return body?.cancel()
  const headers = headersOf(response)
  outgoing.strictContentLength = true
  const isHead = outgoing.req.method === 'HEAD'
  if (body === null || isHead) {
    if (!isHead && status !== 204 && status !== 304) headers['content-length'] ??= '0'
    outgoing.writeHead(status, headers).end()
    return body?.cancel()
  }
  const reader = body.getReader()
  const reads = [reader.read()]
  const first = await soon(reads[0])
  if (first?.done === false) reads.push(reader.read())
  const last = await soon(reads.at(-1))
  if (last?.done === true) {
    const whole = first?.value ?? ''
    outgoing.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(whole)) }).end(whole)
  } else {
    outgoing.writeHead(status, headers).flushHeaders()
    await stream(reads, reader, outgoing)
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>
type Read = ReturnType<Reader['read']>

function headersOf(response: Response): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.fromEntries(response.headers)
  // How the body is framed is Node's to say.
  delete headers['transfer-encoding']
  const cookies = response.headers.getSetCookie()
  return cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers
}

/** What a promise resolves to, or undefined if it takes longer than this turn of the event loop. */
function soon<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  return Promise.race([promise, new Promise<undefined>(resolve => setImmediate(resolve, undefined))])
}

async function stream(reads: Read[], reader: Reader, outgoing: ServerResponse): Promise<void> {
  // A body that waits for its source would not hear of the end in any other way.
  outgoing.once('close', () => reader.cancel().catch(() => {}))
  try {
    await pipeline(chunksOf(reads, reader), outgoing)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** The chunks of a body of which some reads have begun. */
async function* chunksOf(begun: Read[], reader: Reader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await (begun.shift() ?? reader.read())
    if (done) return
    yield value
  }
}
