import type { IncomingMessage } from 'node:http'
import { withForeignHost, withUserInfo } from '../app/request-target.ts'
import { isAuthority } from '../http/authority.ts'
import { plainAddress } from '../http/client-address.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import type { TrustsHost } from '../http/trusted-hosts.ts'
import type { ForwardedRequest, ReadForwarded } from '../http/trusted-proxies.ts'

/** What a request is for, as a URL parser reads it. */
export interface Target {
  /** The path and the query. */
  readonly text: string
  /** Scheme and authority, where the target named them itself, or a trusted proxy has forwarded them. */
  readonly origin: string | undefined
  /** What trusted proxies have forwarded. */
  readonly forwarded?: ForwardedRequest
}

/** Whom the reader of a target trusts. */
export interface TargetRules {
  readonly trustsHost: TrustsHost
  readonly readForwarded: ReadForwarded | undefined
  /** The target, without what a host has left before it. */
  textOf?(incoming: IncomingMessage): string
}

/**
 * Reads the target of a request and its Host, or what trusted proxies have forwarded of them. Gives the response to a request that is refused before anyone looks at it:
 * one whose target or Host is none, holds a user name, or names a host that is not trusted.
 */
export function readTarget(incoming: IncomingMessage, rules: TargetRules): Target | PlainResponse {
  const forwarded = rules.readForwarded?.(plainAddress(incoming.socket.remoteAddress), name => headerOf(incoming, name))
  if (forwarded === undefined) return readOwnTarget(incoming, rules)
  const { protocol, host } = forwarded
  const target = readOwnTarget(incoming, host === undefined ? rules : { ...rules, trustsHost: () => true })
  if ('status' in target) return target
  if (host !== undefined && !rules.trustsHost(host)) return withForeignHost()
  const own = new URL(target.origin ?? originOf(incoming))
  const origin = `${protocol ?? own.protocol.slice(0, -1)}://${host ?? own.host}`
  return { text: target.text, origin, forwarded }
}

/** Scheme and authority of a request to this server. */
export function originOf({ socket, headers }: IncomingMessage): string {
  return `${'encrypted' in socket ? 'https' : 'http'}://${headers.host || 'localhost'}`
}

/** A header by its lower-case name; several lines of one name are joined. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

function readOwnTarget(incoming: IncomingMessage, { trustsHost, textOf }: TargetRules): Target | PlainResponse {
  const host = incoming.headers.host || 'localhost'
  const text = textOf?.(incoming) ?? incoming.url ?? '/'
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

/** RFC 9112, section 3.2: any other gets a 400. */
function isHost(host: string): boolean {
  if (host === lastHost) return true
  if (!isAuthority(host)) return false
  lastHost = host
  return true
}
