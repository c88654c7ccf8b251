import type { ForwardedRequest } from './trusted-proxies.ts'

/** Under this key `env` has what trusted proxies have forwarded. */
export const FORWARDED: unique symbol = Symbol('forwarded')

/**
 * What a server may pass beside the request about its connection: Node's request, under the name of
 * `@hono/node-server`.
 */
interface ConnectionBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: unknown } | undefined } | undefined
  readonly server?: ConnectionBindings | undefined
  readonly [FORWARDED]?: ForwardedRequest | undefined
}

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** An address in its plain form: IPv4 as IPv4, even from a socket that takes both. */
export const plainAddress = (address: unknown): string | undefined =>
  typeof address === 'string' ? address.replace(MAPPED, '') : undefined

/** What trusted proxies have forwarded of the request with this `env`. */
export const forwardedIn = (env: unknown): ForwardedRequest | undefined =>
  ((env ?? {}) as ConnectionBindings)[FORWARDED]

/** The client's address, by the `env` of a web handler. */
export function clientAddressIn(env: unknown): string | undefined {
  return forwardedIn(env)?.clientAddress ?? addressOf(env)
}

/** The address at the other end of the connection, by the `env` of a web handler. */
export function addressOf(env: unknown): string | undefined {
  const { incoming, server } = (env ?? {}) as ConnectionBindings
  return plainAddress((incoming ?? server?.incoming)?.socket?.remoteAddress)
}
