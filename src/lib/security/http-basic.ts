import { checkNames } from '../definition/check-names.ts'
import type { RequestView } from '../http/request-view.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { authorizationOf, type SecuritySchemeOptions, securityScheme } from '../operation/security-scheme.ts'

/** What a client sent by HTTP Basic. */
export interface BasicCredentials {
  readonly username: string
  readonly password: string
}

/** See `httpBasic`. */
export interface HttpBasicOptions extends SecuritySchemeOptions {
  /** What a browser shows when it asks. Default: `api`. */
  readonly realm?: string
}

const NAMES: Readonly<Record<keyof HttpBasicOptions, true>> = { schemeName: true, description: true, realm: true }

/**
 * User name and password by HTTP Basic (RFC 7617) as a dependency: a request without them gets a 401 with
 * `WWW-Authenticate: Basic`. Whether they are right is yours to check, in constant time.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { httpBasic } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/me', { dependencies: { login: httpBasic() }, response: z.string() }, async ({ login }) => login.username)
 *
 * const headers = { authorization: `Basic ${btoa('richie:secret')}` }
 * console.log(await (await app.fetch(new Request('http://localhost/me', { headers }))).json()) // richie
 * ```
 */
export function httpBasic(options: HttpBasicOptions = {}): Dependency<BasicCredentials> {
  checkNames(options, NAMES, 'the options of "httpBasic"')
  const { schemeName = 'httpBasic', description, realm = 'api' } = options
  return securityScheme({
    name: schemeName,
    scheme: { type: 'http', scheme: 'basic', ...(description !== undefined && { description }) },
    read: basicCredentialsOf,
    challenge: basicChallenge(realm),
    missing: 'User name and password are missing: send "Authorization: Basic" and both, in base64',
  })
}

/** The value of `WWW-Authenticate` that asks for them. */
export const basicChallenge = (realm: string): string =>
  `Basic realm="${realm.replaceAll(/["\\]/g, '\\$&')}", charset="UTF-8"`

/** The user name and password of a request, or undefined. */
export function basicCredentialsOf(view: RequestView): BasicCredentials | undefined {
  const encoded = authorizationOf(view, 'basic')
  if (encoded === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined
  const text = textOf(Buffer.from(encoded, 'base64'))
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Pages and browsers of old write Latin-1, whatever they are asked for. */
function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}
