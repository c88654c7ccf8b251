import { checkNames } from '../definition/check-names.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { authorizationOf, type SecuritySchemeOptions, securityScheme } from '../operation/security-scheme.ts'

/** See `httpBearer`. */
export interface HttpBearerOptions extends SecuritySchemeOptions {
  /** What the token is, for readers of the document, such as `JWT`. */
  readonly bearerFormat?: string
}

const NAMES: Readonly<Record<keyof HttpBearerOptions, true>> = {
  schemeName: true,
  description: true,
  bearerFormat: true,
}

/**
 * A bearer token (RFC 6750) as a dependency: its value is the token, and a request without one gets a 401 with
 * `WWW-Authenticate: Bearer`. Whether the token is good is yours to check, in a dependency that uses this one.
 *
 * @example
 * ```ts
 * import { dependency, HttpError, Ringback } from 'ringback'
 * import { httpBearer } from 'ringback/security'
 *
 * const user = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
 *   if (token !== 'a good one') throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
 *   return { name: 'Richie' }
 * })
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/me', { dependencies: { user } }, async ({ user }) => console.log(user.name))
 * console.log((await app.fetch(new Request('http://localhost/me'))).status) // 401
 * ```
 */
export function httpBearer(options: HttpBearerOptions = {}): Dependency<string> {
  checkNames(options, NAMES, 'the options of "httpBearer"')
  const { schemeName = 'httpBearer', description, bearerFormat } = options
  return securityScheme({
    name: schemeName,
    scheme: {
      type: 'http',
      scheme: 'bearer',
      ...(bearerFormat !== undefined && { bearerFormat }),
      ...(description !== undefined && { description }),
    },
    read: view => authorizationOf(view, 'bearer'),
    challenge: 'Bearer',
    missing: 'A bearer token is missing: send "Authorization: Bearer" and the token',
  })
}
