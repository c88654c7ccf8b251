import type { IncomingMessage } from 'node:http'

/** What Express adds to a request of a router that it has under a path. */
interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: unknown
}

/** Where a host has the application, if the host itself removes that from the path, as Express does. */
export function hostPathOf(incoming: IncomingMessage): string | undefined {
  const { baseUrl } = incoming as ExpressRequest
  return typeof baseUrl === 'string' ? baseUrl : undefined
}

/** The path without `basePath`, which a host has left there. */
export function withoutBasePath(target: string, basePath: string): string {
  if (basePath === '' || !target.startsWith(basePath)) return target
  const rest = target.slice(basePath.length)
  if (rest.startsWith('/')) return rest
  return rest === '' || rest.startsWith('?') ? `/${rest}` : target
}
