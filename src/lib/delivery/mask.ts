import { memoize } from '../memoize.ts'

const credential =
  /authorization|cookie|token|secret|passw|credential|signature|session|jwt|^(x-)?auth$|(api|access|account|app|application|auth|functions|license|master|private|shared|subscription)[-_]?key/i
const isCredential = memoize(1_000, name => credential.test(name))

/**
 * A URL for lists, logs and events. Its query is masked, because it may hold secrets, and so are user info and
 * fragment: a URL with those is refused, but stays in the list.
 */
export function maskUrl(url: string): string {
  const end = url.search(/[?#]/)
  const shown = end === -1 ? url : `${url.slice(0, end)}${url[end]}***`
  return shown.includes('@') ? shown.replace(userInfo, '$1***@') : shown
}

/**
 * User info as WHATWG URL finds it: up to the last `@` before the path, after any number of slashes and backslashes.
 */
const userInfo = /^(\s*[a-z][a-z\d+.-]*:[/\\]*)[^/\\]*@/i

/**
 * Headers for lists: like `maskHeaders`, but also without the queries of URLs, because a redirect usually repeats that
 * of the request.
 */
export function maskShownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const masked = maskHeaders(headers)
  for (const [name, value] of Object.entries(masked)) if (urlHeaders.has(name)) masked[name] = maskUrl(value)
  return masked
}

const urlHeaders = new Set(['content-location', 'location', 'referer', 'refresh'])

/** Headers for the store and `onResponse`: values of headers that carry credentials are masked. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const masked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) masked[name] = isCredential(name) ? '***' : value
  return masked
}
