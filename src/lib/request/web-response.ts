import { bodyStreamSource, isBodyStream, webStream } from '../http/body-stream.ts'
import { isResponse } from '../http/is-response.ts'
import type { Answered, AnswerHeaders } from '../http/request-view.ts'

/** An answer as a web `Response`; to a HEAD request without its body, but with its length. */
export function webResponse(answered: Answered, method: string): Response {
  if (method === 'HEAD') return headResponse(answered)
  if (isResponse(answered)) return answered
  const { status, body } = answered
  const content = isBodyStream(body) ? webStream(body) : (body ?? null)
  return new Response(content as BodyInit | null, { status, headers: webHeaders(answered.headers) })
}

function headResponse(answered: Answered): Response {
  if (isResponse(answered)) {
    // Its source may hold something open, so it is told that nobody reads it.
    answered.body?.cancel().catch(() => {})
    return new Response(null, answered)
  }
  const { status, body } = answered
  const headers = webHeaders(answered.headers)
  if (isBodyStream(body)) bodyStreamSource(body).drop()
  else if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
  return new Response(null, { status, headers })
}

function webHeaders(headers: AnswerHeaders): Headers {
  const made = new Headers()
  for (const [name, value] of Object.entries(headers))
    for (const line of typeof value === 'string' ? [value] : value) made.append(name, line)
  return made
}
