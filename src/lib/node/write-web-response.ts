import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { bodyStreamSource } from '../http/body/body-stream.ts'
import { NO_CONTENT_LENGTH } from '../http/no-content.ts'
import { writeStream } from './write-stream.ts'

/** Writes a web `Response` to Node's. Throws what goes wrong on our side. */
export async function writeWebResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const { status, body } = response
  if (response.bodyUsed) throw new TypeError('The body of the returned Response has already been read')
  const headers = headersOf(response)
  outgoing.strictContentLength = true
  if (body !== null) return writeStream({ status, headers }, bodyStreamSource(body), outgoing)
  if (outgoing.destroyed) return
  if (outgoing.req.method !== 'HEAD' && !NO_CONTENT_LENGTH.has(status)) headers['content-length'] ??= '0'
  outgoing.writeHead(status, headers).end()
}

function headersOf(response: Response): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.fromEntries(response.headers)
  // How the body is framed is Node's to say.
  delete headers['transfer-encoding']
  const cookies = response.headers.getSetCookie()
  return cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers
}
