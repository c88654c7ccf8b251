import { type BodySource, webBodySource } from './body-source.ts'
import { limitedBody } from './limited-body.ts'

/** Methods whose web `Request` has no body. */
export const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'TRACE'])

/**
 * The request with a body that nobody can read beyond the limit: neither through `text()` and its like, nor as a
 * stream, nor in a clone. Reading more throws a `ContentTooLargeError`.
 */
export function limitedRequest(request: Request, limitBytes: number, open?: () => BodySource): Request {
  const { method, url, headers, signal } = request
  if (WITHOUT_BODY.has(method)) return request
  const source = open ?? ownSource(request)
  if (source === undefined) return request
  const body = limitedBody(source, announcedBytes(headers.get('content-length')), limitBytes)
  const init = { method, headers, signal, body, duplex: 'half' }
  return new Request(url, init)
}

/** What a `Content-Length` announces; 0 if it is missing. */
export const announcedBytes = (contentLength: string | null | undefined): number => Number(contentLength ?? 0)

function ownSource(request: Request): (() => BodySource) | undefined {
  const { body } = request
  // A body that was read, or is being read, cannot be handed to anybody else.
  return body === null || request.bodyUsed || body.locked ? undefined : () => webBodySource(body)
}
