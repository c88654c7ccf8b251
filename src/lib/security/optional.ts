import { DefinitionError } from '../definition/definition-error.ts'
import { HttpError } from '../http/http-error.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import type { SecurityRequirement } from '../operation/security-scheme.ts'

/**
 * A security scheme that a request may do without: its value is the credential, or `undefined` in place of a 401. Several
 * optional schemes of one operation are alternatives; whether one of them must be there is yours to check. Throws
 * `DefinitionError` for what is not a scheme of `ringback/security`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { httpBearer, optional } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const token = optional(httpBearer())
 * app.get('/greeting', { dependencies: { token }, response: z.string() }, ({ token }) => token ?? 'a stranger')
 * console.log(await (await app.fetch(new Request('http://localhost/greeting'))).json()) // a stranger
 * ```
 */
export function optional<V>(scheme: Dependency<V>): Dependency<V | undefined> {
  const { security } = (scheme?.options ?? {}) as { readonly security?: readonly SecurityRequirement[] }
  if (security === undefined || scheme.fn === undefined || 'dependencies' in scheme.options)
    throw new DefinitionError('"optional" takes a security scheme, such as httpBearer() or apiKey({…})')
  const read = scheme.fn as (context: object) => V
  return Object.freeze({
    kind: 'dependency',
    scope: scheme.scope,
    options: Object.freeze({ security: security.map(requirement => ({ ...requirement, optional: true })) }),
    fn: (context: object): V | undefined => {
      try {
        return read(context)
      } catch (error) {
        if (error instanceof HttpError && error.status === 401) return undefined
        throw error
      }
    },
  })
}
