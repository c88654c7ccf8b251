import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import type { TrustsHost } from '../http/trusted-hosts.ts'

/**
 * The response to a request for a host or target that is refused; undefined where it is fine. `url` is absolute, `host`
 * is the value of the `Host` header, if there is one: expressions may read both.
 */
export function refusedTarget(
  url: string,
  host: () => string | null,
  trusts: TrustsHost | undefined,
): PlainResponse | undefined {
  const authority = authorityOf(url)
  if (authority.includes('@')) return withUserInfo()
  if (trusts === undefined || (trusts(authority) && trusts(host() || authority))) return undefined
  return withForeignHost()
}

/** RFC 9110, section 4.2.4: a target with a user name should be treated as an error. */
export const withUserInfo = (): PlainResponse => problemResponse(400, 'The request target must not contain a user name')

/** Does not repeat the host: anybody can choose it. */
export const withForeignHost = (): PlainResponse =>
  problemResponse(400, 'The host of the request does not belong to this API')

/**
 * Sends a request that came by `http` to the same place by `https`; undefined for any other. The path and query are kept
 * below `basePath`, and so is the method. `except` is a host that is served as it comes.
 */
export function toHttps(url: string, basePath: string, except: string | undefined): PlainResponse | undefined {
  const authority = authorityOf(url)
  if (!url.startsWith('http:') || authority === except) return undefined
  const rest = url.slice(url.indexOf('//') + 2 + authority.length)
  const location = `https://${authority.replace(/:80$/, '')}${basePath}${rest}`
  return { status: 307, headers: { location }, body: undefined }
}

/** Host and port with what precedes them. A loop, since URLs of servers may not be written as URL parsers do. */
function authorityOf(url: string): string {
  const start = url.indexOf('//') + 2
  let end = start
  while (end < url.length && !ENDS_AUTHORITY.has(url[end]!)) end += 1
  return url.slice(start, end)
}

const ENDS_AUTHORITY: ReadonlySet<string> = new Set(['/', '\\', '?', '#'])
