import { decodeCanonicalBase64 } from './base64.ts'
import { destinationHash } from './destination-hash.ts'
import { SignatureError } from './signature-error.ts'
import { signedContent } from './signed-content.ts'
import { SigningKeyError } from './signing-key-error.ts'
import { signatureVersions, type VerificationKeys } from './versions.ts'

/** Each Ed25519 signature costs a verification, so a stranger must not be able to list hundreds. */
const signatureLimit = 32

/** The request to verify: as a web server has it. */
export interface SignedRequest {
  /** Web `Headers`, or Node's `request.headers`, or any record of headers; names in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw bytes as they came, before any parsing; text counts as its UTF-8 bytes. */
  readonly body: Uint8Array | string
}

/** By which keys and rules `verify` judges: at least one key. */
export interface VerifyOptions extends VerificationKeys {
  /**
   * The base URL that this receiver gave to the sender, or for webhooks the id of its endpoint, `ep_…`. With it, only a
   * message made for this destination is taken, as the end of its `webhook-id` says (Ringback's senders put it there). Not
   * checked by default.
   */
  readonly audience?: string | undefined
  /**
   * What the sender calls this receiver, where it tells its tenants apart. With it, and `audience`, only a message is
   * taken that was caused by this tenant: others may know the URL, too. None by default.
   */
  readonly recipient?: string | undefined
  /** How far the timestamp may be from now, in either direction. 300 by default. */
  readonly toleranceSeconds?: number | undefined
  /** Milliseconds since 1970-01-01T00:00:00Z. The system's time by default. */
  readonly now?: number | undefined
}

/** What a verified message says of itself. */
export interface VerifiedMessage {
  /** The value of `webhook-id`: the same for every attempt, so what is claimed to handle a message only once. */
  readonly id: string
  /** The value of `webhook-timestamp`: the attempt's time in whole seconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: number
}

/**
 * Verifies a message signed as Standard Webhooks 1.0.0 says, over its raw bytes and in constant time. It is accepted if
 * any `v1` or `v1a` signature of the list fits any of the keys; other versions are not read.
 *
 * Throws `SignatureError`, whose `reason` says why, and `SigningKeyError` for a key that cannot be used or no key at all.
 *
 * @example
 * ```ts
 * import { generateSecret, sign, verify } from 'ringback/signature'
 *
 * const secret = generateSecret()
 * const timestamp = Math.floor(Date.now() / 1000)
 * const body = '{"paid":true}'
 * const headers = {
 *   'webhook-id': 'msg_1',
 *   'webhook-timestamp': String(timestamp),
 *   'webhook-signature': sign({ id: 'msg_1', timestamp, body, secrets: [secret] }),
 * }
 * const { id } = verify({ headers, body }, { secrets: [secret] })
 * console.log(id) // msg_1
 * ```
 */
export function verify(request: SignedRequest, options: VerifyOptions): VerifiedMessage {
  if (options.recipient !== undefined && options.audience === undefined)
    throw new TypeError('"recipient" is checked together with "audience": give the base URL as well')
  const keysByVersion = signatureVersions.map(version => version.verificationKeys(options))
  if (keysByVersion.every(keys => keys.length === 0))
    throw new SigningKeyError('There is no key to verify with; give "secrets" or "publicKeys"')

  const id = headerOf(request, 'webhook-id')
  const timestamp = headerOf(request, 'webhook-timestamp')
  const content = signedContent(id, timestamp, request.body)
  checkAge(Number(timestamp), options)

  const signatures = parseSignatures(headerOf(request, 'webhook-signature'))
  const matched = signatureVersions.some((version, index) => {
    const candidates = signatures.filter(({ label }) => label === version.label)
    if (candidates.length === 0) return false
    const matches = version.matcher(keysByVersion[index] ?? [], content)
    return candidates.some(({ bytes }) => bytes !== undefined && matches(bytes))
  })
  if (!matched) throw new SignatureError('no-match')
  checkAudience(id, options)
  return { id, timestamp: Number(timestamp) }
}

function parseSignatures(header: string): { label: string; bytes: Buffer | undefined }[] {
  const parts = header.split(' ', signatureLimit + 1)
  if (parts.length > signatureLimit) throw new SignatureError('too-many-signatures')
  return parts.map(part => {
    const comma = part.indexOf(',')
    return { label: part.slice(0, Math.max(comma, 0)), bytes: decodeCanonicalBase64(part.slice(comma + 1)) }
  })
}

function checkAge(timestamp: number, { toleranceSeconds = 300, now = Date.now() }: VerifyOptions): void {
  const ageSeconds = Math.floor(now / 1000) - timestamp
  // Written so that a tolerance that is not a number refuses everything.
  if (!(ageSeconds <= toleranceSeconds)) throw new SignatureError('too-old')
  if (!(-ageSeconds <= toleranceSeconds)) throw new SignatureError('too-new')
}

function checkAudience(id: string, { audience, recipient }: VerifyOptions): void {
  if (audience !== undefined && !id.endsWith('_' + destinationHash(audience, recipient)))
    throw new SignatureError('wrong-audience')
}

function headerOf({ headers }: SignedRequest, name: string): string {
  const value = isWebHeaders(headers) ? headers.get(name) : recordValue(headers, name)
  if (value === null || value === undefined || value === '') throw new SignatureError('missing-header')
  return typeof value === 'string' ? value : value.join(', ')
}

/** By shape, because another package's `Headers` is not an instance of this one. */
function isWebHeaders(headers: SignedRequest['headers']): headers is Headers {
  return typeof headers.get === 'function'
}

function recordValue<V>(headers: Readonly<Record<string, V>>, name: string): V | undefined {
  if (Object.hasOwn(headers, name)) return headers[name]
  return headers[Object.keys(headers).find(key => key.toLowerCase() === name) ?? name]
}
