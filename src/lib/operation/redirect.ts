import { quoted } from '../definition/quoted.ts'
import { REDIRECTS, type RedirectStatus } from '../http/redirects.ts'
import type { Responded } from './context.ts'
import { RespondedResponse } from './responded-response.ts'

/**
 * A response that sends the client to another URL, or to another path of this host. 307 repeats the request there as it
 * was, 308 for good; 303 asks for it with GET. The operation declares the status: `status: 307`, or
 * `responses: { 307: {} }`; the document then has its `location` header.
 *
 * Characters that a URL cannot have are percent-encoded, so that nothing in it can begin another header. A URL that a
 * client chose may still lead anywhere: look at its host first.
 *
 * Throws a `TypeError` for a URL that is not text, and for another status.
 *
 * @example
 * ```ts
 * import { redirect, Ringback } from 'ringback'
 *
 * const app = new Ringback({ title: 'Pages', version: '1.0.0' })
 * app.get('/old', { status: 307 }, () => redirect('/new'))
 * const response = await app.fetch(new Request('http://localhost/old'))
 * console.log(response.status, response.headers.get('location')) // 307 /new
 * ```
 */
export function redirect(url: string | URL, status: RedirectStatus = 307): Responded {
  if (!(typeof url === 'string' || url instanceof URL))
    throw new TypeError(`The URL of a redirect is ${quoted(url)}: give text or a URL`)
  if (!REDIRECTS.has(status))
    throw new TypeError(`The status of a redirect is ${quoted(status)}: give ${[...REDIRECTS].join(', ')}`)
  return new RespondedResponse(status, undefined, { headers: { location: encoded(String(url)) } })
}

/** What a URL cannot have (RFC 3986, section 2); a "%" begins an octet that is encoded already. */
const NOT_IN_URLS = /[^!#-;=?-[\]_a-z~]/gu

const encoded = (url: string): string => url.toWellFormed().replaceAll(NOT_IN_URLS, encodeURIComponent)
