import type { Clock } from '../../clock.ts'
import { quoted } from '../../definition/quoted.ts'
import { AttemptLimit } from '../../destination/transport/attempt-limit.ts'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import { AttemptHeadersError } from './attempt-headers-error.ts'
import { headersOfEngine, requestHeaders } from './request-headers.ts'
import { ReservedHeaderError } from './reserved-header-error.ts'

/** An attempt that is about to be made. */
export interface AttemptToMake {
  /** The value of the `webhook-id` header: the same for every attempt. */
  readonly id: string
  /** The value of the `webhook-timestamp` header: whole seconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: number
  /** The full URL as it will be requested, including its query. */
  readonly url: string
  /** The tenant that the message is for; undefined if none was named. */
  readonly recipient: string | undefined
  /** Of a webhook: the id of the endpoint, whose it is, and its secrets that sign now, the newest first. */
  readonly endpoint?: string
  readonly owner?: string
  readonly secrets?: readonly string[]
  /** A copy of the bytes that will be sent; empty if there is no body. */
  readonly body: Uint8Array
  /** The status of the last response to an earlier attempt of the same delivery; undefined if there was none. */
  readonly lastStatus: number | undefined
  /** Aborted when the time limit of the attempt has passed or the worker stops. */
  readonly signal: AbortSignal
}

/**
 * Gives further headers for an attempt, by name. They override those that were given to `send`, and are stored nowhere.
 *
 * @example
 * ```ts
 * import type { AttemptHeaders } from 'ringback/delivery'
 *
 * const tokens = new Map([['tenant 1', 'a token of tenant 1']])
 * export const attemptHeaders: AttemptHeaders = ({ recipient = '' }) => ({ authorization: `Bearer ${tokens.get(recipient)}` })
 * ```
 */
export type AttemptHeaders = (
  attempt: AttemptToMake,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>

/** How long an attempt may take, and what ends it early. */
export interface AttemptTime {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** An endpoint, and its secrets that sign now. */
export interface SigningEndpoint {
  readonly id: string
  readonly owner: string
  readonly secrets: readonly string[]
}

/** A request that lacks only what `attemptHeaders` adds. */
export interface SignedRequest {
  readonly url: string
  readonly recipient: string | undefined
  readonly endpoint?: SigningEndpoint | undefined
  readonly body: Uint8Array | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly lastStatus: number | undefined
}

/**
 * Sends a request with the headers that `ask` adds, both within one time limit. Rejects with `AttemptHeadersError` if
 * there are no headers, with the reason of the signal, and as `send` does.
 */
export async function sendWithHeaders<Result>(
  ask: AttemptHeaders | undefined,
  request: SignedRequest,
  time: AttemptTime,
  send: (headers: Readonly<Record<string, string>>, timeoutMs: number) => Promise<Result>,
): Promise<Result> {
  const { clock, timeoutMs } = time
  if (ask === undefined) return send(request.headers, timeoutMs)
  const since = clock.now()
  const further = await furtherHeaders(ask, request, time)
  const spentMs = Math.max(clock.now() - since, 0)
  try {
    return await send({ ...request.headers, ...further }, Math.max(Math.ceil(timeoutMs - spentMs), 1))
  } catch (error) {
    if (!(error instanceof CallbackTimeoutError)) throw error
    // The receiver had less than half of the time, so it is not to blame.
    if (spentMs > timeoutMs / 2)
      throw new AttemptHeadersError(`took ${spentMs} of ${timeoutMs} ms, and no response came in the rest`)
    throw new CallbackTimeoutError(URL.parse(request.url)?.origin ?? '', timeoutMs, { cause: error })
  }
}

async function furtherHeaders(
  ask: AttemptHeaders,
  { url, recipient, endpoint, body = noBytes, headers, lastStatus }: SignedRequest,
  { clock, timeoutMs, signal }: AttemptTime,
): Promise<Record<string, string>> {
  const controller = new AbortController()
  const limit = new AttemptLimit(clock, '', { timeoutMs, ...(signal && { signal }) })
  const id = headers['webhook-id'] ?? ''
  const timestamp = Number(headers['webhook-timestamp'])
  // A copy: the bytes are signed, so changes to them must not reach the receiver.
  const copy = Uint8Array.from(body)
  const of = endpoint && { endpoint: endpoint.id, owner: endpoint.owner, secrets: endpoint.secrets }
  const attempt = { id, timestamp, url, recipient, ...of, body: copy, lastStatus, signal: controller.signal }
  try {
    return checked(await limit.wait(Promise.try(() => ask(attempt))))
  } catch (error) {
    if (limit.ended === undefined) throw failure(error)
    controller.abort(limit.ended.reason)
    signal?.throwIfAborted()
    throw new AttemptHeadersError(`did not return within ${timeoutMs} ms`)
  } finally {
    limit.release()
  }
}

const noBytes = new Uint8Array()

function failure(error: unknown): AttemptHeadersError {
  if (error instanceof AttemptHeadersError) return error
  return new AttemptHeadersError('threw an error', { cause: error })
}

function checked(given: Readonly<Record<string, string>>): Record<string, string> {
  if (typeof given !== 'object' || given === null || Symbol.iterator in given)
    throw new AttemptHeadersError(`gave ${described(given)}; give an object of names and values, such as {}`)
  try {
    return requestHeaders(given, headersOfEngine)
  } catch (error) {
    if (!(error instanceof ReservedHeaderError)) throw error
    throw new AttemptHeadersError(`gave the header "${error.header}", but ${error.reason}`)
  }
}

/** Never shows text, which may be a credential. */
const described = (given: unknown) =>
  typeof given === 'string' ? 'text' : given instanceof Headers ? 'a Headers object' : quoted(given)
