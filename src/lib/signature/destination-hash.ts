import { hash } from 'node:crypto'
import { memoize } from '../memoize.ts'
import { canonicalUrl } from '../url/canonical-url.ts'

/**
 * What ends the `webhook-id` of every message for a destination, after `_`: the first 16 characters of a base64url
 * SHA-256. `verify` compares it with its `audience` and `recipient`, so that a message for one receiver is not valid at
 * another, nor one that was caused by another tenant of the sender.
 *
 * `destination` is the base URL that the receiver gave, `recipient` the tenant whom the sender names, if any. What is
 * hashed is the UTF-8 text of the URL as WHATWG serialises it (`new URL(text).href`), without a dot at the end of the
 * host and with unreserved characters written out (`~`, not `%7E`); with a recipient then a zero byte and the recipient.
 *
 * @example
 * ```ts
 * import { destinationHash } from 'ringback/signature'
 *
 * const id = `msg_1_${destinationHash('https://www.external.org/events')}`
 * console.log(id) // msg_1_HI9jg8m1QEXokm12
 * console.log(destinationHash('https://www.external.org/events', 'customer-17')) // gQaAYZkCx46Ayy20
 * ```
 */
export function destinationHash(destination: string, recipient?: string): string {
  const url = canonicalUrl(destination)
  return hashOf(recipient === undefined ? url : `${url}\0${canonicalUrl(recipient)}`)
}

/** Of a text as it is: what messages end with that were stored before there was a canonical form. */
export const hashOf: (text: string) => string = memoize(1_000, text => hash('sha256', text, 'base64url').slice(0, 16))
