import { memoize } from '../memoize.ts'
import { withoutFinalDots } from './without-final-dots.ts'

/**
 * One form for all spellings of an http or https URL that lead to the same place: as WHATWG serialises it, without the
 * dots that may end a host name, and with the characters that need no percent-encoding written out (RFC 3986, section
 * 6.2.2). Any other text stays as it is.
 */
export function canonicalUrl(text: string): string {
  return isHttp.test(text) ? canonical(text) : text
}

const isHttp = /^https?:/i

const canonical = memoize(1_000, url => {
  const parsed = URL.parse(url)
  if (parsed === null) return url
  // A host that would be left without a name keeps its dots.
  parsed.hostname = withoutFinalDots(parsed.hostname) || parsed.hostname
  return parsed.href.replaceAll(encodedBytes, asWritten)
})

const encodedBytes = /%[\da-f]{2}/gi

const unreserved = /[\w.~-]/

function asWritten(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
  return unreserved.test(character) ? character : encoded.toUpperCase()
}
