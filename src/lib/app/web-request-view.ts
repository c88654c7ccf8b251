import { ContentTooLargeError } from '../http/content-too-large-error.ts'
import type { Answer, RequestView } from '../http/request-view.ts'

/** A web `Request` as the pipeline sees it. `afterSent` runs what it is given once the event loop has turned. */
export function webRequestView(request: Request): RequestView {
  const { url } = request
  const pathStart = url.indexOf('/', url.indexOf('//') + 2)
  const queryStart = url.indexOf('?', pathStart)
  return {
    method: request.method,
    path: queryStart < 0 ? url.slice(pathStart) : url.slice(pathStart, queryStart),
    queryText: queryStart < 0 ? '' : url.slice(queryStart + 1),
    url,
    header: name => headerOf(request, name),
    readBody: limitBytes => readBody(request, limitBytes),
    request,
    get signal() {
      return request.signal
    },
    // A web handler is not told when its Response has been sent.
    afterSent: fn => void setImmediate(fn),
  }
}

/** Of several `Content-Type` lines the first counts, as in Node; all other headers are lists joined by commas. */
function headerOf({ headers }: Request, name: string): string | undefined {
  const value = headers.get(name) ?? undefined
  return name === 'content-type' ? value?.split(',', 1)[0] : value
}

async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw new ContentTooLargeError(limitBytes)
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > limitBytes) throw new ContentTooLargeError(limitBytes)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
}

/** An answer as a web `Response`; to a HEAD request without its body. */
export function webResponse(answer: Answer, method: string): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers))
    for (const line of typeof value === 'string' ? [value] : value) headers.append(name, line)
  const body = method === 'HEAD' ? null : (answer.body ?? null)
  return new Response(body as BodyInit | null, { status: answer.status, headers })
}
