import { checkNames } from '../definition/check-names.ts'
import type { RequestView } from '../http/request-view.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { securityScheme } from '../operation/security-scheme.ts'
import { basicChallenge, basicCredentialsOf, type HttpBasicOptions } from './http-basic.ts'

/** By what a client of OAuth 2.0 shows who it is, under the names that they have in a form. */
export interface ClientCredentials {
  readonly client_id: string
  readonly client_secret: string
}

const NAMES: Readonly<Record<keyof HttpBasicOptions, true>> = { schemeName: true, description: true, realm: true }

/**
 * Id and secret of an OAuth 2.0 client by HTTP Basic (RFC 6749, section 2.3.1), for the operation that gives tokens: a
 * request without them gets a 401. Both are read as the standard has them, form-encoded before base64. Since a client may
 * send them in its form instead, this is mostly `optional(clientCredentials())`, beside `passwordForm`. Whether they are
 * right is yours to check, in constant time.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { clientCredentials, optional, passwordForm } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const client = optional(clientCredentials())
 * app.post('/token', { body: passwordForm(), dependencies: { client }, response: z.string() }, ({ body, client }) => {
 *   const { client_id } = client ?? body
 *   return `${body.username} by ${client_id}`
 * })
 *
 * const headers = { authorization: `Basic ${btoa('app:secret')}` }
 * const body = new URLSearchParams({ username: 'richie', password: 'a good one' })
 * const response = await app.fetch(new Request('http://localhost/token', { method: 'POST', headers, body }))
 * console.log(await response.json()) // richie by app
 * ```
 */
export function clientCredentials(options: HttpBasicOptions = {}): Dependency<ClientCredentials> {
  checkNames(options, NAMES, 'the options of "clientCredentials"')
  const { schemeName = 'clientCredentials', description, realm = 'token' } = options
  return securityScheme({
    name: schemeName,
    scheme: { type: 'http', scheme: 'basic', ...(description !== undefined && { description }) },
    read: credentialsOf,
    challenge: basicChallenge(realm),
    missing: 'The id and secret of the client are missing: send "Authorization: Basic" and both, in base64',
  })
}

/** A client without an id, as pages send it that were told of none, is nobody. */
function credentialsOf(view: RequestView): ClientCredentials | undefined {
  const { username = '', password = '' } = basicCredentialsOf(view) ?? {}
  return username === '' ? undefined : { client_id: formDecoded(username), client_secret: formDecoded(password) }
}

/** A text that is not encoded stays as it is. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
