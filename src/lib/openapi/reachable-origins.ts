import type { SecurityScheme } from '../operation/security-scheme.ts'
import type { OpenApiDocument } from './create-document.ts'
import type { ServerObject } from './objects/server-object.ts'

/**
 * The origins that a document's page must reach, for a content security policy: those of all servers, where what is tried
 * out is sent, and of all `tokenUrl`s, where tokens come from. Relative addresses belong to the page's own origin. A
 * variable of a server stands for its default and for each value that it may have.
 */
export function reachableOrigins(document: OpenApiDocument): readonly string[] {
  const servers = [document, ...Object.values(document.paths ?? {}).flatMap(withOperations)].flatMap(serversOf)
  const tokenUrls = Object.values(document.components?.securitySchemes ?? {}).flatMap(tokenUrlsOf)
  const origins = [...servers.flatMap(urlsOf), ...tokenUrls].map(originOf)
  return [...new Set(origins)].filter(origin => origin !== undefined).toSorted()
}

/** The type is unknown, because users can extend a document with anything. */
function withOperations(item: unknown): unknown[] {
  return typeof item === 'object' && item !== null ? [item, ...Object.values(item)] : []
}

function serversOf(place: unknown): Partial<ServerObject>[] {
  const servers = (place as { readonly servers?: unknown } | null | undefined)?.servers
  return Array.isArray(servers) ? servers.filter(server => typeof server === 'object' && server !== null) : []
}

function tokenUrlsOf(scheme: SecurityScheme | null): string[] {
  const flows: unknown[] = Object.values(scheme?.['flows'] ?? {})
  return flows.map(flow => String((flow as { readonly tokenUrl?: unknown } | null)?.tokenUrl))
}

const MOST_URLS = 100

function urlsOf({ url, variables = {} }: Partial<ServerObject>): string[] {
  let urls = [String(url)]
  for (const [name, { default: first, enum: values = [] }] of Object.entries(variables))
    if (urls[0]?.includes(`{${name}}`))
      urls = [...new Set([first, ...values])]
        .flatMap(value => urls.map(one => one.replaceAll(`{${name}}`, () => String(value))))
        .slice(0, MOST_URLS)
  return urls
}

/** The origins that a policy can name. Other characters in a host could end the directive, or mean any host. */
const SOURCE = /^https?:\/\/[a-z0-9._-]+(?::\d+)?$/

function originOf(url: string): string | undefined {
  const origin = URL.parse(url)?.origin
  return origin !== undefined && SOURCE.test(origin) ? origin : undefined
}
