import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import type { TrustsHost } from '../http/trusted-hosts.ts'

/**
 * The answer to a request that is not addressed as it should be; undefined where it is. `url` is absolute, `host` what the
 * `Host` header says, where there is one: expressions may read both.
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

/** RFC 9110, section 4.2.4: whoever gets such a target should take it for an error. */
export const withUserInfo = (): PlainResponse => problemResponse(400, 'The request target must not contain a user name')

/** Does not repeat the host, which anybody can choose. */
export const withForeignHost = (): PlainResponse =>
  problemResponse(400, 'The host of the request does not belong to this API')

/** Host and port with what stands before them. A loop, since URLs of servers may not be written as URL parsers do. */
function authorityOf(url: string): string {
  const start = url.indexOf('//') + 2
  let end = start
  while (end < url.length && !ENDS_AUTHORITY.has(url[end]!)) end += 1
  return url.slice(start, end)
}

const ENDS_AUTHORITY: ReadonlySet<string> = new Set(['/', '\\', '?', '#'])
