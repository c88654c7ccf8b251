import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { similarName } from '../definition/similar-name.ts'
import { HttpError } from '../http/http-error.ts'
import { allDependencies, compileDependencies } from '../operation/compiled/compiled-dependency.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import type { SecurityRequirement } from '../operation/security-scheme.ts'

/** What a caller may do: a list, or the text of an OAuth 2.0 token, with spaces between (RFC 6749, section 3.3). */
export interface Scoped {
  readonly scopes: readonly string[] | string
}

/**
 * A dependency whose value tells the caller's scopes, for those only who have all that are required: others get a 403 with
 * `WWW-Authenticate: Bearer error="insufficient_scope"` (RFC 6750, section 3). The value stays as it is. In the document
 * the required scopes stand at the OAuth 2.0 or OpenID Connect scheme that the dependency uses. Throws `DefinitionError`
 * where it uses no security scheme, or its flows do not declare a required scope.
 *
 * @example
 * ```ts
 * import { dependency, Ringback } from 'ringback'
 * import { oauth2, scopes } from 'ringback/security'
 *
 * const flows = { password: { tokenUrl: '/token', scopes: { 'invoices:read': 'Read', 'invoices:write': 'Write' } } }
 * const user = dependency({ dependencies: { token: oauth2({ flows }) } }, ({ token }) => ({ scopes: token }))
 * const writer = scopes(user, ['invoices:write'])
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.delete('/invoices/', { dependencies: { writer } }, () => {})
 * const headers = { authorization: 'Bearer invoices:read' }
 * const request = new Request('http://localhost/invoices/', { method: 'DELETE', headers })
 * console.log((await app.fetch(request)).status) // 403
 * ```
 */
export function scopes<V extends Scoped>(granted: Dependency<V>, required: readonly string[]): Dependency<V> {
  checkRequired(required)
  const security = requirementsOf(granted, required)
  const text = required.join(' ')
  return Object.freeze({
    kind: 'dependency',
    scope: granted.scope === 'app' ? 'response' : granted.scope,
    options: Object.freeze({ dependencies: { granted }, security }),
    fn: ({ granted }: { readonly granted: V }): V => {
      const missing = required.filter(scope => !scopesOf(granted).includes(scope))
      if (missing.length === 0) return granted
      const challenge = `Bearer error="insufficient_scope", scope="${text}"`
      throw new HttpError(403, `Not enough permissions: this needs the scopes ${missing.map(quoted).join(', ')}`, {
        headers: { 'www-authenticate': challenge },
      })
    },
  })
}

function scopesOf(granted: Scoped | undefined): readonly string[] {
  const scopes = granted?.scopes ?? []
  return typeof scopes === 'string' ? scopes.split(' ') : scopes
}

/** RFC 6749 section 3.3: a scope stands in a header and in a list with spaces. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

function checkRequired(required: readonly string[]): void {
  const wrong = Array.isArray(required) ? required.find(scope => !scopeToken.test(scope)) : required
  if (wrong !== undefined || required.length === 0)
    throw new DefinitionError(
      `${quoted(wrong)} is not a scope: give "scopes" a list of names without spaces, quotes and backslashes`,
    )
}

/** OAuth 2.0 and OpenID Connect have scopes; with other schemes these are roles (OpenAPI 3.1.1, "Security Requirement Object"). */
function requirementsOf(granted: Dependency, required: readonly string[]): readonly SecurityRequirement[] {
  const schemes = allDependencies(compileDependencies({ granted }, '"scopes"')).flatMap(({ security }) => security)
  const scoped = schemes.filter(({ scheme }) => scheme.type === 'oauth2' || scheme.type === 'openIdConnect')
  const found = scoped.length > 0 ? scoped : schemes
  if (found.length === 0)
    throw new DefinitionError(
      'The dependency that "scopes" was given uses no security scheme: let it have one, such as oauth2({…}), among its dependencies',
    )
  for (const requirement of found) checkDeclared(requirement, required)
  return found.map(({ name, scheme }) => ({ name, scheme, scopes: required }))
}

function checkDeclared({ name, scheme }: SecurityRequirement, required: readonly string[]): void {
  if (scheme.type !== 'oauth2') return
  const flows = Object.values(scheme['flows'] as Readonly<Record<string, { readonly scopes: object }>>)
  const declared = flows.flatMap(flow => Object.keys(flow.scopes))
  const unknown = required.find(scope => !declared.includes(scope))
  if (unknown === undefined) return
  const similar = similarName(unknown, declared)
  const meant = similar === undefined ? '' : `. Did you mean ${quoted(similar)}?`
  throw new DefinitionError(
    `The scope ${quoted(unknown)} is not declared in the flows of "${name}": declare it there${meant}`,
  )
}
