import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { authorizationOf, type SecuritySchemeOptions, securityScheme } from '../operation/security-scheme.ts'

const NAMES: Readonly<Record<keyof SecuritySchemeOptions, true>> = { schemeName: true, description: true }

/**
 * A bearer token of an OpenID Connect provider as a dependency: its value is the token, and a request without one gets a
 * 401 with `WWW-Authenticate: Bearer`. `url` is the provider's discovery document, for the document. Whether the token is
 * good is yours to check, in a dependency that uses this one. Throws `DefinitionError`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { openIdConnect } from 'ringback/security'
 *
 * const token = openIdConnect('https://accounts.example/.well-known/openid-configuration')
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/me', { dependencies: { token } }, ({ token }) => console.log(token))
 * console.log((await app.fetch(new Request('http://localhost/me'))).status) // 401
 * ```
 */
export function openIdConnect(url: string, options: SecuritySchemeOptions = {}): Dependency<string> {
  checkNames(options, NAMES, 'the options of "openIdConnect"')
  if (typeof url !== 'string' || !URL.canParse(url, 'http://localhost'))
    throw new DefinitionError(`The URL of "openIdConnect" is ${quoted(url)}: give that of the discovery document`)
  const { schemeName = 'openIdConnect', description } = options
  return securityScheme({
    name: schemeName,
    scheme: { type: 'openIdConnect', openIdConnectUrl: url, ...(description !== undefined && { description }) },
    read: view => authorizationOf(view, 'bearer'),
    challenge: 'Bearer',
    missing: 'An ID provider\'s token is missing: send "Authorization: Bearer" and the token',
  })
}
