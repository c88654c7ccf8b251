import { HttpError } from '../http/http-error.ts'
import type { RequestView } from '../http/request-view.ts'
import type { Dependency } from './dependency-set.ts'

/** A security scheme object of the document (OpenAPI 3.1.1, "Security Scheme Object"). */
export interface SecurityScheme {
  readonly type: 'http' | 'apiKey' | 'oauth2' | 'openIdConnect'
  readonly [member: string]: unknown
}

/** The scheme of a dependency, with its name in the document. */
export interface SecurityRequirement {
  readonly name: string
  readonly scheme: SecurityScheme
  readonly scopes: readonly string[]
  /** Whether a request without the credential is served too. */
  readonly optional?: true
}

/** The options of every scheme for the document. */
export interface SecuritySchemeOptions {
  /** The scheme's name in the document; two schemes need two names. */
  readonly schemeName?: string
  readonly description?: string
}

/** How a scheme is documented, how it reads its credential, and what it asks for where that is missing. */
interface SchemeParts<V> {
  readonly name: string
  readonly scheme: SecurityScheme
  readonly read: (view: RequestView) => V | undefined
  /** The value of `WWW-Authenticate` in a 401 (RFC 9110, section 11.6.1). */
  readonly challenge: string
  readonly missing: string
}

/** Makes a scheme: a dependency whose value is the credential. A request without one is a 401. */
export function securityScheme<V>(parts: SchemeParts<V>): Dependency<V> {
  const { name, scheme, read, challenge, missing } = parts
  return Object.freeze({
    kind: 'dependency',
    scope: 'response',
    options: Object.freeze({ security: Object.freeze([{ name, scheme, scopes: [] }]) }),
    fn: (context: { readonly '~view': RequestView }): V => {
      const credential = read(context['~view'])
      if (credential === undefined) throw new HttpError(401, missing, { headers: { 'www-authenticate': challenge } })
      return credential
    },
  })
}

/** The part after the name of an authentication scheme in `Authorization`; the case of the name does not matter. */
export function authorizationOf(view: RequestView, scheme: string): string | undefined {
  const value = view.header('authorization')
  const space = value?.indexOf(' ') ?? -1
  if (value === undefined || space < 0 || value.slice(0, space).toLowerCase() !== scheme) return undefined
  return value.slice(space + 1).trim() || undefined
}
