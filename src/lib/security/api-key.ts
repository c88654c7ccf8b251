import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { parseCookies } from '../http/parse-cookies.ts'
import { parseQuery } from '../http/parse-query.ts'
import type { RequestView } from '../http/request-view.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { type SecuritySchemeOptions, securityScheme } from '../operation/security-scheme.ts'
import { percentDecode } from '../url/percent-decode.ts'

/** See `apiKey`. */
export interface ApiKeyOptions extends SecuritySchemeOptions {
  /** Where the key is. A key in a query ends up in logs: prefer a header. */
  readonly in: 'header' | 'query' | 'cookie'
  /** The name of that header, query parameter or cookie. */
  readonly name: string
}

const NAMES: Readonly<Record<keyof ApiKeyOptions, true>> = { in: true, name: true, schemeName: true, description: true }

/**
 * A key in a header, query parameter or cookie as a dependency: its value is the key, and a request without one gets a
 * 401. Whether the key is good is yours to check, in a dependency that uses this one.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { apiKey } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const key = apiKey({ in: 'header', name: 'X-Api-Key' })
 * app.get('/key-length', { dependencies: { key }, response: z.number() }, async ({ key }) => key.length)
 *
 * const headers = { 'x-api-key': 'abc' }
 * console.log(await (await app.fetch(new Request('http://localhost/key-length', { headers }))).json()) // 3
 * ```
 */
export function apiKey(options: ApiKeyOptions): Dependency<string> {
  checkNames(options, NAMES, 'the options of "apiKey"')
  const { in: location, name, schemeName = 'apiKey', description } = options
  if (!Object.hasOwn(readers, location))
    throw new DefinitionError(`"in" of "apiKey" is ${quoted(location)}: give "header", "query" or "cookie"`)
  if (typeof name !== 'string' || name === '')
    throw new DefinitionError(`"name" of "apiKey" is ${quoted(name)}: give the name of the ${location}`)
  return securityScheme({
    name: schemeName,
    scheme: { type: 'apiKey', in: location, name, ...(description !== undefined && { description }) },
    read: view => readers[location](view, name) || undefined,
    challenge: `ApiKey in="${location}", name="${name}"`,
    missing: `The API key is missing: send it as the ${location} "${name}"`,
  })
}

const readers: Readonly<Record<ApiKeyOptions['in'], (view: RequestView, name: string) => string | undefined>> = {
  header: (view, name) => view.header(name.toLowerCase()),
  cookie: (view, name) => percentDecode(parseCookies(view.header('cookie') ?? '')[name] ?? ''),
  query(view, name) {
    const texts = parseQuery(view.queryText)
    const value = Object.hasOwn(texts, name) ? texts[name] : undefined
    return typeof value === 'string' ? value : undefined
  },
}
