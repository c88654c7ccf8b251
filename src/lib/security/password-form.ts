import { checkNames } from '../definition/check-names.ts'
import { type FormSchema, form } from '../operation/bodies/form.ts'
import type { Validated } from '../schema/issue.ts'

/** What a client sends for a token by the password flow (RFC 6749, section 4.3.2). */
export interface PasswordFormFields {
  readonly grant_type?: 'password' | undefined
  readonly username: string
  readonly password: string
  /** With spaces between. */
  readonly scope?: string | undefined
  readonly client_id?: string | undefined
  readonly client_secret?: string | undefined
}

/** The same as a handler gets it. */
export interface PasswordRequest extends Omit<PasswordFormFields, 'scope'> {
  /** The scopes that are asked for, each once; empty where none is. */
  readonly scopes: readonly string[]
}

/** The schema of the fields of `passwordForm`. */
export interface PasswordFormSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'ringback'
    readonly types?: { readonly input: PasswordFormFields; readonly output: PasswordRequest } | undefined
    readonly validate: (value: unknown) => Validated
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>
      readonly output: () => Record<string, unknown>
    }
  }
}

/** See `passwordForm`. */
export interface PasswordFormOptions {
  /**
   * Whether `grant_type` must be there, as the standard says. Many clients leave it out, and where it is given it must be
   * `password` in any case. Default: false.
   */
  readonly strict?: boolean
}

const SECRET = { type: 'string', format: 'password' }
const FIELDS = {
  grant_type: { type: 'string', const: 'password' },
  username: { type: 'string' },
  password: SECRET,
  scope: { type: 'string', description: 'The scopes that are asked for, with spaces between' },
  client_id: { type: 'string', minLength: 1 },
  client_secret: { ...SECRET, minLength: 1 },
}
const NAMES = Object.keys(FIELDS) as (keyof PasswordFormFields)[]
const { scope: _asText, ...OTHERS } = FIELDS

const described = (properties: object, required: readonly string[]) => () =>
  structuredClone({ type: 'object', properties, required })

/**
 * The body of the operation that gives tokens by the password flow, the `tokenUrl` of `oauth2({ flows: { password } })`: a
 * form with `username`, `password`, and where the client sends them `scope`, `grant_type`, `client_id` and
 * `client_secret`. A handler gets the scopes as a list, `body.scopes`. A client may send its id and secret in
 * `Authorization` instead: see `clientCredentials`.
 *
 * @example
 * ```ts
 * import { HttpError, Ringback } from 'ringback'
 * import { passwordForm } from 'ringback/security'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer') })
 * app.post('/token', { body: passwordForm(), response: Token }, async ({ body, responseHeaders }) => {
 *   if (body.password !== 'a good one') throw new HttpError(400, 'Incorrect username or password', { error: 'invalid_grant' })
 *   responseHeaders.set('cache-control', 'no-store')
 *   return { access_token: `${body.username}, who may ${body.scopes.join(' and ')}`, token_type: 'bearer' as const }
 * })
 *
 * const body = new URLSearchParams({ username: 'richie', password: 'a good one', scope: 'read write' })
 * const response = await app.fetch(new Request('http://localhost/token', { method: 'POST', body }))
 * console.log(((await response.json()) as { access_token: string }).access_token) // richie, who may read and write
 * ```
 */
export function passwordForm(options: PasswordFormOptions = {}): FormSchema<PasswordFormSchema> {
  checkNames(options, { strict: true }, 'the options of "passwordForm"')
  return options.strict === true ? STRICT : LENIENT
}

function schemaOf(required: readonly string[]): FormSchema<PasswordFormSchema> {
  const scopes = { type: 'array', items: { type: 'string' } }
  return form({
    '~standard': {
      version: 1,
      vendor: 'ringback',
      validate: value => validate(value, required),
      jsonSchema: { input: described(FIELDS, required), output: described({ ...OTHERS, scopes }, required) },
    },
  })
}

function validate(value: unknown, required: readonly string[]): Validated {
  if (typeof value !== 'object' || value === null) return { issues: [{ message: 'It must be a form' }] }
  const fields: Partial<Record<keyof PasswordFormFields, unknown>> = value
  const issues = NAMES.flatMap(name => {
    const fault = faultOf(name, fields[name], required)
    return fault === undefined ? [] : [{ path: [name], message: fault }]
  })
  if (issues.length > 0) return { issues }
  const { scope = '', ...others } = fields as PasswordFormFields
  const scopes = [...new Set(scope.split(' '))].filter(name => name !== '')
  return { value: { ...others, scopes } satisfies PasswordRequest }
}

function faultOf(name: string, field: unknown, required: readonly string[]): string | undefined {
  if (field === undefined) return required.includes(name) ? 'It is missing' : undefined
  if (typeof field !== 'string') return 'It must be text'
  return name === 'grant_type' && field !== 'password' ? 'It must be "password"' : undefined
}

const LENIENT = schemaOf(['username', 'password'])
const STRICT = schemaOf(['grant_type', 'username', 'password'])
