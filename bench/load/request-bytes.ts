/** A request as the load sends it. */
export interface LoadRequest {
  readonly method: string
  readonly target: string
  readonly body?: string
  /** Default: JSON. */
  readonly contentType?: string
}

/** The bytes of a request (RFC 9112) to a server on 127.0.0.1. */
export function requestBytes(
  { method, target, body, contentType = 'application/json' }: LoadRequest,
  port: number,
): Buffer {
  const head = [`${method} ${target} HTTP/1.1`, `host: 127.0.0.1:${port}`]
  if (body !== undefined) head.push(`content-type: ${contentType}`, `content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`)
}
