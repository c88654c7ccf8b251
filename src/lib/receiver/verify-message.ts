import type { Clock } from '../clock.ts'
import { HttpError } from '../http/http-error.ts'
import { SignatureError } from '../signature/signature-error.ts'
import { type VerifiedMessage, type VerifyOptions, verify } from '../signature/verify.ts'
import type { RemoteKeys } from './keys/remote-keys.ts'
import type { ReceiveOptions } from './receive-options.ts'
import { signatureHeaders } from './signature-headers.ts'

/** Verifies a request over its raw bytes. Throws a 401, or a 503 where the keys are not to be had. */
export type VerifyMessage = (request: Request, bytes: Uint8Array) => Promise<VerifiedMessage>

/** Makes the verification of a receiver: by its own `verify`, or as Standard Webhooks says. */
export function verification(options: ReceiveOptions, clock: Clock, remote: RemoteKeys | undefined): VerifyMessage {
  const { verify: own } = options
  if (own !== undefined) return async (request, bytes) => checkedMessage(await own(request, bytes), options, clock)
  const { secrets, publicKeys = [], audience, recipient, toleranceSeconds } = options
  const rules = { secrets, audience, recipient, toleranceSeconds }
  const verifyBy = (request: Request, body: Uint8Array, keys: VerifyOptions['publicKeys'] = []): VerifiedMessage => {
    const headers = signatureHeaders(request.headers)
    return verify({ headers, body }, { ...rules, publicKeys: [...publicKeys, ...keys], now: clock.now() })
  }
  if (remote === undefined) return async (request, bytes) => verifyBy(request, bytes)
  return async (request, bytes) => {
    const keys = await remote.current()
    try {
      return verifyBy(request, bytes, keys)
    } catch (error) {
      if (!mayBeByNewKey(error, request)) throw error
      const renewed = await remote.renewed()
      if (renewed === undefined) throw error
      return verifyBy(request, bytes, renewed)
    }
  }
}

/** A signature of Standard Webhooks does not name its key, so one that fits none may be by a new one. */
const mayBeByNewKey = (error: unknown, { headers }: Request): boolean =>
  error instanceof SignatureError &&
  error.reason === 'no-match' &&
  /(?:^| )v1a,/.test(signatureHeaders(headers)['webhook-signature'] ?? '')

/** A mistake of the user's own function must not let a message pass. */
function checkedMessage(message: VerifiedMessage, options: ReceiveOptions, clock: Clock): VerifiedMessage {
  const { id, timestamp } = message ?? {}
  if (typeof id !== 'string' || id === '' || !Number.isFinite(timestamp))
    throw new TypeError('"verify" of "receive" gave no { id, timestamp }: a text, and a number of seconds')
  const { toleranceSeconds = 300 } = options
  const ageSeconds = Math.floor(clock.now() / 1_000) - timestamp
  if (!(ageSeconds <= toleranceSeconds)) throw new SignatureError('too-old')
  if (!(-ageSeconds <= toleranceSeconds)) throw new SignatureError('too-new')
  return { id, timestamp }
}

/**
 * What a refused message gets. It is a 401 and never a status that ends a delivery, since the key may be one that this
 * receiver gets to know in a moment: the sender repeats it.
 */
export function refusedMessage(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  const challenge = { 'www-authenticate': 'StandardWebhooks' }
  if (!(error instanceof SignatureError))
    return new HttpError(401, 'The signature was refused', { headers: challenge, cause: error })
  return new HttpError(401, error.message, { headers: challenge, reason: error.reason })
}
