import { addressOf, FORWARDED, forwardedIn } from './client-address.ts'
import type { ReadForwarded } from './trusted-proxies.ts'

/** A web request with what its server passed beside it. */
export interface ServedRequest {
  readonly request: Request
  readonly env: unknown
}

/** A request as its client sent it: with the scheme, host and address that trusted proxies have forwarded. */
export function asClientSent(served: ServedRequest, read: ReadForwarded): ServedRequest {
  const { request, env } = served
  const forwarded = read(addressOf(env), name => request.headers.get(name) ?? undefined)
  if (forwarded === undefined) return served
  const url = new URL(request.url)
  if (forwarded.protocol !== undefined) url.protocol = forwarded.protocol
  if (forwarded.host !== undefined) {
    // A host without a port would keep that of this server.
    url.port = ''
    url.host = forwarded.host
  }
  const moved = url.href === request.url ? request : new Request(url, request)
  return { request: moved, env: { ...(env as object), [FORWARDED]: forwarded } }
}

/** The host that a request is for, as its client named it. */
export function hostOf({ request, env }: ServedRequest): string | null {
  return forwardedIn(env)?.host ?? request.headers.get('host')
}
