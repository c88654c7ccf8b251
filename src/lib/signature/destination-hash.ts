import { hash } from 'node:crypto'
import { memoize } from '../memoize.ts'

/**
 * What ends the `webhook-id` of every message for `destination`, after `_`: the first 16 characters of the base64url
 * SHA-256 of it. `verify` compares it with its `audience`, so that a message for one receiver is not valid at another.
 *
 * `destination` is the base URL that the receiver gave, as WHATWG URL serialises it (`new URL(text).href`).
 *
 * @example
 * ```ts
 * import { destinationHash } from 'ringback/signature'
 *
 * const id = `msg_1_${destinationHash('https://www.external.org/events')}`
 * console.log(id) // msg_1_HI9jg8m1QEXokm12
 * ```
 */
export function destinationHash(destination: string): string {
  return memoized(destination)
}

const memoized = memoize(1_000, destination => hash('sha256', destination, 'base64url').slice(0, 16))
