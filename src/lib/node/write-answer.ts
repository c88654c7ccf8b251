import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Answer, Answered } from '../http/request-view.ts'

/** Writes an answer to Node's response. A client that has gone away gets nothing. */
export async function writeAnswer(answered: Answered, outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return
  if (answered instanceof Response) await writeResponse(answered, outgoing)
  else writeWhole(answered, outgoing)
}

function writeWhole({ status, headers, body }: Answer, outgoing: ServerResponse): void {
  // A string and its header leave in one write; a Buffer would make it two.
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
  else if (status !== 204 && status !== 304) headers['content-length'] = '0'
  outgoing.writeHead(status, headers as Record<string, string | string[]>)
  outgoing.end(body)
}

async function writeResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  outgoing.writeHead(response.status, headers)
  if (response.body === null || outgoing.req.method === 'HEAD') {
    await response.body?.cancel()
    outgoing.end()
    return
  }
  outgoing.flushHeaders()
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing).catch(() => {
    // The client went away or the stream failed half way: the connection is gone, and with it the answer.
    outgoing.destroy()
  })
}
