/**
 * Why a destination is refused, in one word:
 *
 * - `invalid-url`, `scheme`, `user-info`, `fragment`, `port`, `own-origin`: what the URL itself shows
 * - `name`, `address`: the host, by its name or by an address. Clients see the same text for both
 * - `check`: the application's own `check` refused. Clients see that text too
 */
export type DestinationRefusal =
  | 'invalid-url'
  | 'scheme'
  | 'user-info'
  | 'fragment'
  | 'port'
  | 'own-origin'
  | 'name'
  | 'address'
  | 'check'

/** A refused {@link DestinationVerdict}: `reason` is for programs and logs, `text` may be shown to a client. */
export interface RefusedDestination {
  readonly allowed: false
  readonly reason: DestinationRefusal
  /** A sentence without a full stop, which reveals nothing about our network. */
  readonly text: string
}

/** The guard's verdict on a URL: allowed, with the URL as WHATWG parses it, or refused, with a reason. */
export type DestinationVerdict = { readonly allowed: true; readonly url: URL } | RefusedDestination

/** The guard's verdict on one IP address. */
export type AddressVerdict = { readonly allowed: true } | RefusedDestination

/** The only text for a refused host. With different texts a stranger could find out what exists in our network. */
export const refusedHostText = 'This destination is not allowed'

/** A refusal with a text of its own, which only repeats what the URL itself shows. */
export function refuse(reason: DestinationRefusal, text: string): RefusedDestination {
  return { allowed: false, reason, text }
}

/** A refusal of the host, with the common text. */
export function refuseHost(reason: 'name' | 'address' | 'check'): RefusedDestination {
  return { allowed: false, reason, text: refusedHostText }
}
