import { parseCookies } from '../http/parse-cookies.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import type { SecurityRequirement } from '../operation/security-scheme.ts'
import { compileSchema } from '../schema/compiled-schema.ts'
import type { Input, Output, Schema } from '../schema/schema.ts'
import { OpenedSession, type SessionContext, type SessionKind } from './session/opened-session.ts'
import { checkedSessionOptions, type SessionOptions } from './session/session-options.ts'
import { SessionSeal } from './session/session-seal.ts'

/** The session of the client that made a request. */
export interface Session<I, O = I> {
  /** What was set, by an earlier request or by this one; undefined where nothing was, or it has expired. */
  readonly value: O | undefined
  /**
   * Begins a session, or puts another value into it: it expires `maxAgeSeconds` from now. The value is kept as JSON. Throws
   * a `TypeError` for one that does not fit the schema then, and a `RangeError` for one that does not fit a cookie.
   */
  set(value: I): void
  /** Ends the session in this browser. */
  clear(): void
}

/**
 * A session in a cookie, as a dependency: whom a browser has logged in as, or what stands in its cart. The cookie holds the
 * value itself, sealed (AES-256-GCM) with a key derived from `secret`: nobody else can read, change or make one, and after
 * `maxAgeSeconds` it counts no more. It is `HttpOnly`, `Secure` and `SameSite=Lax`, and its name begins with `__Host-`, so
 * that no other host can set it.
 *
 * An operation that only some may call depends on `required(session)`. A session ends where its cookie does, and nothing
 * on the server knows of it: to end one from there, keep an id in it and the rest in your database. Throws
 * `DefinitionError`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { required, sessionCookie } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const secret = 'correct horse battery staple' // Yours comes from the environment.
 * const session = sessionCookie(z.object({ user: z.string() }), { secret })
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.post('/login', { dependencies: { session } }, ({ session }) => session.set({ user: 'richie' }))
 * app.post('/logout', { dependencies: { session } }, ({ session }) => session.clear())
 * app.get('/me', { dependencies: { me: required(session) }, response: z.string() }, ({ me }) => me.user)
 *
 * const login = await app.fetch(new Request('http://localhost/login', { method: 'POST' }))
 * const [cookie = ''] = login.headers.getSetCookie()
 * console.log(cookie.replace(/=[\w-]+/, '=…')) // __Host-session=…; Max-Age=1209600; Path=/; HttpOnly; Secure; SameSite=Lax
 * const me = await app.fetch(new Request('http://localhost/me', { headers: { cookie: cookie.split(';')[0]! } }))
 * console.log(await me.json()) // richie
 * ```
 */
export function sessionCookie<S extends Schema>(
  schema: S,
  options: SessionOptions,
): Dependency<Session<Input<S>, Output<S>>> {
  const { secrets, cookieName, attributes, schemeName, description } = checkedSessionOptions(options)
  const compiled = compileSchema(schema, `schema of the session "${cookieName}"`, [])
  const kind: SessionKind = {
    cookieName,
    attributes,
    seal: new SessionSeal(secrets, cookieName),
    check(value) {
      const checked = compiled.validate(value)
      if (!(checked instanceof Promise)) return checked
      throw new TypeError(
        `The schema of the session "${cookieName}" has asynchronous checks: make them after it is read`,
      )
    },
  }
  const scheme = { type: 'apiKey' as const, in: 'cookie', name: cookieName, description }
  const requirement: SecurityRequirement = { name: schemeName, scheme, scopes: [], optional: true }
  return Object.freeze({
    kind: 'dependency',
    scope: 'response',
    options: Object.freeze({ security: Object.freeze([requirement]) }),
    fn: (context: SessionContext) =>
      new OpenedSession(kind, context, parseCookies(context['~view'].header('cookie') ?? '')[cookieName]),
  })
}
