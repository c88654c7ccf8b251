import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import type { CookieToSet } from '../../operation/response-parts.ts'
import type { SecuritySchemeOptions } from '../../operation/security-scheme.ts'
import { leastSecretBytes } from '../../signature/master-secret.ts'

/** See `sessionCookie`. */
export interface SessionOptions extends SecuritySchemeOptions {
  /**
   * A text of at least 24 bytes that only your servers know, such as `openssl rand -base64 32` prints. In a list the first
   * seals and all open: to change a secret, put the new one first, and take the old one away after `maxAgeSeconds`.
   */
  readonly secret: string | readonly string[]
  /** The name of the cookie after its prefix. Two sessions of one host need two names. Default: `session`. */
  readonly name?: string
  /** How long a session lives after it was set, up to 34,560,000 (400 days). Default: 1,209,600 (14 days). */
  readonly maxAgeSeconds?: number
  /**
   * Which requests from pages of other sites have the cookie: `lax` only those that lead there, `strict` none, `none` all
   * of them. Default: `lax`.
   */
  readonly sameSite?: 'lax' | 'strict' | 'none'
  /** A domain whose subdomains get the cookie as well; it loses the prefix `__Host-` then. Default: only this host. */
  readonly domain?: string
  /**
   * Whether only HTTPS carries it. Browsers take `http://localhost` for secure, except for Safari. Without it the cookie has
   * no prefix, and anybody on the way can read and set it. Default: true.
   */
  readonly secure?: boolean
}

/** The options as they are used. */
export interface CheckedSessionOptions {
  readonly secrets: readonly string[]
  /** With its prefix. */
  readonly cookieName: string
  readonly attributes: Exclude<CookieToSet, string> & { readonly maxAgeSeconds: number }
  readonly schemeName: string
  readonly description: string
}

const NAMES: Readonly<Record<keyof SessionOptions, true>> = {
  secret: true,
  name: true,
  maxAgeSeconds: true,
  sameSite: true,
  domain: true,
  secure: true,
  schemeName: true,
  description: true,
}

/** What browsers keep a cookie for, at most. */
const LONGEST_SECONDS = 34_560_000

/** Throws a `DefinitionError` for options that are unknown, invalid or contradictory. */
export function checkedSessionOptions(options: SessionOptions): CheckedSessionOptions {
  checkNames(options, NAMES, 'the options of "sessionCookie"')
  const { name = 'session', maxAgeSeconds = 1_209_600, sameSite = 'lax', secure = true, domain } = options
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name) || /^__(?:host|secure)-/i.test(name))
    throw wrong('name', name, 'give letters, digits, "_", "-" and "."; a prefix is added')
  if (!(Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds > 0 && maxAgeSeconds <= LONGEST_SECONDS))
    throw wrong('maxAgeSeconds', maxAgeSeconds, 'give a whole number from 1 to 34,560,000')
  if (!['lax', 'strict', 'none'].includes(sameSite)) throw wrong('sameSite', sameSite, 'give "lax", "strict" or "none"')
  if (typeof secure !== 'boolean') throw wrong('secure', secure, 'give true or false')
  if (sameSite === 'none' && !secure)
    throw new DefinitionError('"sameSite" of "sessionCookie" is "none", which browsers take only of secure cookies')
  if (domain !== undefined && (typeof domain !== 'string' || !/^[a-z\d-]+(?:\.[a-z\d-]+)*$/i.test(domain)))
    throw wrong('domain', domain, 'give the name of a domain, such as "example.com"')
  const prefix = secure ? (domain === undefined ? '__Host-' : '__Secure-') : ''
  return {
    secrets: checkedSecrets(options.secret),
    cookieName: prefix + name,
    attributes: { value: '', maxAgeSeconds, sameSite, secure, path: '/', ...(domain !== undefined && { domain }) },
    schemeName: options.schemeName ?? name,
    description: options.description ?? 'The operation that begins the session sets it, and the browser keeps it.',
  }
}

/** Names none of them. */
function checkedSecrets(given: SessionOptions['secret'] | undefined): readonly string[] {
  const secrets = typeof given === 'string' ? [given] : (given ?? [])
  const usable = (secret: unknown) => typeof secret === 'string' && Buffer.byteLength(secret) >= leastSecretBytes
  if (Array.isArray(secrets) && secrets.length > 0 && secrets.every(usable)) return [...secrets]
  throw new DefinitionError(
    `"secret" of "sessionCookie" is ${given === undefined || secrets.length === 0 ? 'missing' : 'too short'}: give a text of at least ${leastSecretBytes} bytes that only your servers know, such as openssl rand -base64 32 prints`,
  )
}

const wrong = (name: string, value: unknown, remedy: string) =>
  new DefinitionError(`"${name}" of "sessionCookie" is ${quoted(value)}: ${remedy}`)
