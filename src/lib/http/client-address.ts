/**
 * What a server may pass beside the request about its connection: Node's request, under the name of
 * `@hono/node-server`.
 */
interface ConnectionBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: unknown } | undefined } | undefined
  readonly server?: ConnectionBindings | undefined
}

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** An address in its plain form: IPv4 as IPv4, even from a socket that takes both. */
export const plainAddress = (address: unknown): string | undefined =>
  typeof address === 'string' ? address.replace(MAPPED, '') : undefined

/** The address in the `env` of a web handler. */
export function addressOf(env: unknown): string | undefined {
  const { incoming, server } = (env ?? {}) as ConnectionBindings
  return plainAddress((incoming ?? server?.incoming)?.socket?.remoteAddress)
}
