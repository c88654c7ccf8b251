import { bodyStreamSource, isBodyStream, webStream } from '../http/body/body-stream.ts'
import { isResponse } from '../http/is-response.ts'
import type { AnyResponse, ResponseHeaders } from '../http/request-view.ts'

/** A response as a web `Response`; for a HEAD request without its body, but with its length. */
export function webResponse(response: AnyResponse, method: string): Response {
  if (method === 'HEAD') return headResponse(response)
  if (isResponse(response)) return response
  const { status, body } = response
  const content = isBodyStream(body) ? webStream(body) : (body ?? null)
  return new Response(content as BodyInit | null, { status, headers: webHeaders(response.headers) })
}

function headResponse(response: AnyResponse): Response {
  if (isResponse(response)) {
    // Its source may hold something open, so it must know that nobody reads it.
    response.body?.cancel().catch(() => {})
    return new Response(null, response)
  }
  const { status, body } = response
  const headers = webHeaders(response.headers)
  if (isBodyStream(body)) bodyStreamSource(body).drop()
  else if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
  return new Response(null, { status, headers })
}

/** The headers of a response as the web platform has them. */
export function webHeaders(headers: ResponseHeaders): Headers {
  const made = new Headers()
  for (const [name, value] of Object.entries(headers))
    for (const line of typeof value === 'string' ? [value] : value) made.append(name, line)
  return made
}
