import { DefinitionError } from '../definition/definition-error.ts'
import { HttpError } from '../http/http-error.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import type { SecurityRequirement } from '../operation/security-scheme.ts'
import type { Session } from './session-cookie.ts'

/**
 * The value of a session, for those only who have one: others get a 401. Throws `DefinitionError` for what is not made by
 * `sessionCookie`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { required, sessionCookie } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const session = sessionCookie(z.object({ user: z.string() }), { secret: 'correct horse battery staple' })
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/me', { dependencies: { me: required(session) }, response: z.string() }, ({ me }) => me.user)
 * console.log((await app.fetch(new Request('http://localhost/me'))).status) // 401
 * ```
 */
export function required<I, O>(session: Dependency<Session<I, O>>): Dependency<O> {
  const { security: [scheme] = [] } = (session?.options ?? {}) as { readonly security?: readonly SecurityRequirement[] }
  if (scheme?.optional !== true || scheme.scheme['in'] !== 'cookie' || 'dependencies' in session.options)
    throw new DefinitionError('"required" takes a session: make one with sessionCookie(schema, { secret })')
  const requirement: SecurityRequirement = { name: scheme.name, scheme: scheme.scheme, scopes: [] }
  const headers = { 'www-authenticate': `ApiKey in="cookie", name="${scheme.scheme['name']}"` }
  return Object.freeze({
    kind: 'dependency',
    scope: 'response',
    options: Object.freeze({ dependencies: { session }, security: Object.freeze([requirement]) }),
    fn: ({ session }: { readonly session: Session<I, O> }): O => {
      if (session.value === undefined) throw new HttpError(401, 'Nobody is logged in: log in first', { headers })
      return session.value
    },
  })
}
