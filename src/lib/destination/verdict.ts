/**
 * Why a destination is refused, in one word:
 *
 * - `invalid-url`, `scheme`, `user-info`, `fragment`, `port`, `own-origin`: what the URL itself shows
 * - `name`, `address`: the host, by its name or by an address; told to clients in one uniform text
 * - `check`: the application's own `check` said no; told in the same uniform text
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

/** A refused {@link DestinationVerdict}: `reason` for programs and logs, `text` fit for a client. */
export interface RefusedDestination {
  readonly allowed: false
  readonly reason: DestinationRefusal
  /** A sentence without a full stop, which tells nothing about our network. */
  readonly text: string
}

/** What the guard says of a URL: `allowed` with the URL as WHATWG parses it, or refused with a reason. */
export type DestinationVerdict = { readonly allowed: true; readonly url: URL } | RefusedDestination

/** What the guard says of one IP address. */
export type AddressVerdict = { readonly allowed: true } | RefusedDestination

/** The one text for every refused host: two of them must not tell a stranger what stands where in our network. */
export const refusedHostText = 'This destination is not allowed'

/** A refusal with a text of its own, which only repeats what the URL itself shows. */
export function refuse(reason: DestinationRefusal, text: string): RefusedDestination {
  return { allowed: false, reason, text }
}

/** A refusal of the host, in the uniform text. */
export function refuseHost(reason: 'name' | 'address' | 'check'): RefusedDestination {
  return { allowed: false, reason, text: refusedHostText }
}
