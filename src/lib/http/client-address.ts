/** What a server may say of the connection beside the request: Node's request, as `@hono/node-server` names it. */
interface ConnectionBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: unknown } | undefined } | undefined
  readonly server?: ConnectionBindings | undefined
}

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** An address as it is written plainly: IPv4 as IPv4, also from a socket that takes both. */
export const plainAddress = (address: unknown): string | undefined =>
  typeof address === 'string' ? address.replace(MAPPED, '') : undefined

/** The address that the `env` of a web handler gives. */
export function addressOf(env: unknown): string | undefined {
  const { incoming, server } = (env ?? {}) as ConnectionBindings
  return plainAddress((incoming ?? server?.incoming)?.socket?.remoteAddress)
}
