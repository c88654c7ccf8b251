import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { authorizationOf, type SecuritySchemeOptions, securityScheme } from '../operation/security-scheme.ts'

/** What every flow has: `scopes` says what each scope is for. A URL without a host is a path of the application. */
interface Flow {
  readonly scopes?: Readonly<Record<string, string>>
  readonly refreshUrl?: string
}

interface TokenFlow extends Flow {
  readonly tokenUrl: string
}

interface AuthorizationFlow extends Flow {
  readonly authorizationUrl: string
}

interface DeviceFlow extends TokenFlow {
  readonly deviceAuthorizationUrl: string
}

/** How a client gets a token (OpenAPI 3.2.0, "OAuth Flows Object"). */
export interface OAuth2Flows {
  readonly authorizationCode?: AuthorizationFlow & TokenFlow
  readonly clientCredentials?: TokenFlow
  readonly password?: TokenFlow
  readonly implicit?: AuthorizationFlow
  /** For devices without a keyboard (RFC 8628). Only documents of OpenAPI 3.2 show it. */
  readonly deviceAuthorization?: DeviceFlow
}

/** See `oauth2`. */
export interface OAuth2Options extends SecuritySchemeOptions {
  readonly flows: OAuth2Flows
  /** The metadata of the authorization server (RFC 8414). Only documents of OpenAPI 3.2 show it. */
  readonly oauth2MetadataUrl?: string
}

const NAMES: Readonly<Record<keyof OAuth2Options, true>> = {
  flows: true,
  oauth2MetadataUrl: true,
  schemeName: true,
  description: true,
}

const FLOWS: Readonly<Record<keyof OAuth2Flows, true>> = {
  authorizationCode: true,
  clientCredentials: true,
  password: true,
  implicit: true,
  deviceAuthorization: true,
}

const URLS: Readonly<Record<keyof OAuth2Flows, readonly string[]>> = {
  authorizationCode: ['authorizationUrl', 'tokenUrl'],
  clientCredentials: ['tokenUrl'],
  password: ['tokenUrl'],
  implicit: ['authorizationUrl'],
  deviceAuthorization: ['deviceAuthorizationUrl', 'tokenUrl'],
}

/**
 * A bearer token that a client gets by OAuth 2.0 (RFC 6749) as a dependency: its value is the token, and a request without
 * one gets a 401 with `WWW-Authenticate: Bearer`. The flows are for the document, and for *Authorize* in its pages. Whether
 * the token is good is yours to check, in a dependency that uses this one. Throws `DefinitionError`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { oauth2 } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const token = oauth2({ flows: { password: { tokenUrl: '/token', scopes: { 'invoices:read': 'Read invoices' } } } })
 * app.get('/token-length', { dependencies: { token }, response: z.number() }, ({ token }) => token.length)
 *
 * const headers = { authorization: 'Bearer abc' }
 * console.log(await (await app.fetch(new Request('http://localhost/token-length', { headers }))).json()) // 3
 * ```
 */
export function oauth2(options: OAuth2Options): Dependency<string> {
  checkNames(options, NAMES, 'the options of "oauth2"')
  const { schemeName = 'oauth2', description, oauth2MetadataUrl } = options
  const flows = checkedFlows(options.flows)
  if (oauth2MetadataUrl !== undefined) checkUrl(oauth2MetadataUrl, '"oauth2MetadataUrl" of "oauth2"')
  return securityScheme({
    name: schemeName,
    scheme: {
      type: 'oauth2',
      flows,
      ...(oauth2MetadataUrl !== undefined && { oauth2MetadataUrl }),
      ...(description !== undefined && { description }),
    },
    read: view => authorizationOf(view, 'bearer'),
    challenge: 'Bearer',
    missing: 'An access token is missing: send "Authorization: Bearer" and the token',
  })
}

function checkedFlows(flows: OAuth2Flows): OAuth2Flows {
  checkNames(flows, FLOWS, 'the flows of "oauth2"')
  const given = Object.entries(flows).filter(([, flow]) => flow !== undefined)
  if (given.length === 0)
    throw new DefinitionError(
      `"flows" of "oauth2" has none: give ${Object.keys(FLOWS).map(quoted).join(', ')} or several`,
    )
  return Object.fromEntries(given.map(([name, flow]) => [name, checkedFlow(name as keyof OAuth2Flows, flow)]))
}

function checkedFlow(name: keyof OAuth2Flows, flow: Flow): Flow {
  const place = `the flow "${name}" of "oauth2"`
  const urls = URLS[name]
  checkNames(flow, Object.fromEntries([...urls, 'refreshUrl', 'scopes'].map(key => [key, true])), place)
  const given = flow as Readonly<Record<string, unknown>>
  for (const key of urls) checkUrl(given[key], `"${key}" of ${place}`)
  if (flow.refreshUrl !== undefined) checkUrl(flow.refreshUrl, `"refreshUrl" of ${place}`)
  return { ...flow, scopes: { ...flow.scopes } }
}

function checkUrl(url: unknown, place: string): void {
  if (typeof url !== 'string' || !URL.canParse(url, 'http://localhost'))
    throw new DefinitionError(`${place} is ${quoted(url)}: give a URL`)
}
