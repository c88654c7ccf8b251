import { validateHeaderName, validateHeaderValue } from '../../node-http.ts'
import { ReservedHeaderError } from './reserved-header-error.ts'

/**
 * Hop-by-hop headers (RFC 9110, section 7.6.1), headers of message framing, and headers that engine and transport set
 * themselves.
 */
const reserved = new Set([
  'cdn-loop',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Headers that the engine or the transport sets on every request, in addition to those that no sender may set. */
export const headersOfEngine: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'content-type', 'user-agent'])

const none: ReadonlySet<string> = new Set()

/**
 * The headers with their names in lower case. Throws `ReservedHeaderError` for a header that HTTP does not allow, or
 * that is reserved here or in `alsoReserved`.
 */
export function requestHeaders(
  headers: Readonly<Record<string, string>>,
  alsoReserved: ReadonlySet<string> = none,
): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase()
    if (reserved.has(name) || alsoReserved.has(name) || name.startsWith('webhook-'))
      throw new ReservedHeaderError(given, 'it is reserved for the sender itself')
    if (!isHttp(name, value)) throw new ReservedHeaderError(given, 'its name or value is not allowed in HTTP')
    result[name] = value
  }
  return result
}

function isHttp(name: string, value: string): boolean {
  if (typeof value !== 'string') return false
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}
