import type { IncomingMessage } from 'node:http'
import { withForeignHost, withUserInfo } from '../app/request-target.ts'
import { isAuthority } from '../http/authority.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import type { TrustsHost } from '../http/trusted-hosts.ts'

/** What a request is for, as a URL parser reads it. */
export interface Target {
  /** The path and the query. */
  readonly text: string
  /** Scheme and authority, where the target named them itself. */
  readonly origin: string | undefined
}

/**
 * Reads the target of a request and its Host. Gives the response to a request that is refused before anyone looks at it:
 * one whose target or Host is none, holds a user name, or names a host that is not trusted.
 */
export function readTarget(
  { headers, url: text = '/' }: IncomingMessage,
  trustsHost: TrustsHost,
): Target | PlainResponse {
  const host = headers.host || 'localhost'
  if (!isHost(host)) return invalidTarget()
  if (!trustsHost(host)) return withForeignHost()
  if (PLAIN_TARGET.test(text) && !hasDotSegment(text)) return { text, origin: undefined }
  if (USER_INFO.test(text)) return withUserInfo()
  const isPath = text.startsWith('/')
  // Not by a base URL: a path that begins with two slashes is no host.
  const url = isPath || ABSOLUTE.test(text) ? URL.parse(isPath ? `http://localhost${text}` : text) : null
  if (url === null || BACKSLASH_IN_PATH.test(text)) return invalidTarget()
  if (!isPath && !trustsHost(url.host)) return withForeignHost()
  return { text: url.pathname + url.search, origin: isPath ? undefined : url.origin }
}

const invalidTarget = (): PlainResponse => problemResponse(400, 'The target or Host of the request is invalid')

/** Means the same to a URL parser as it stands, unless it has a dot segment. */
const PLAIN_TARGET = /^\/[\w\-.~!$&'()*+,;=:@/%?[\]|]*$/
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i
/** A user name in an absolute target, also an empty one, which a URL parser would drop. */
const USER_INFO = /^[a-z][a-z\d+\-.]*:[/\\]*[^/\\?#]*@/i
/** RFC 9110, section 4.2.1: without a host it is invalid, though a URL parser finds one. */
const ABSOLUTE = /^https?:\/\/[^/?#]/i
/** A URL parser would take it for a slash. */
const BACKSLASH_IN_PATH = /^[^?]*\\/

/** Looks for what a dot segment needs before it looks for one: most targets have neither. */
const hasDotSegment = (url: string): boolean => (url.includes('/.') || url.includes('/%2')) && DOT_SEGMENT.test(url)

/** The Host that was last found to be one: most requests of a server have the same. */
let lastHost = 'localhost'

/** RFC 9112, section 3.2: any other is answered with 400. */
function isHost(host: string): boolean {
  if (host === lastHost) return true
  if (!isAuthority(host)) return false
  lastHost = host
  return true
}
