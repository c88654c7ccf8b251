import { RingbackError } from '../../error.ts'
import { type UnreachableDetail, unreachableDetails } from './unreachable-detail.ts'

/** Why a destination could not be reached: one word, and the text of the message. */
const unreachableReasons = {
  dns: 'its name could not be resolved',
  refused: 'the connection was refused',
  reset: 'the connection was closed before the response was complete',
  tls: 'TLS failed',
  route: 'there is no route to it',
  connect: 'no connection could be made',
  protocol: 'the response is not valid HTTP',
  proxy: 'the proxy did not open a tunnel to it',
} as const

/** One word for what kept a request from its destination; see `reason` of {@link CallbackUnreachableError}. */
export type UnreachableReason = keyof typeof unreachableReasons

/**
 * Thrown when a destination could not be reached, or the connection to it broke. Code `ERR_CALLBACK_UNREACHABLE`.
 *
 * `reason` is one of `dns` (the name does not resolve, or not in time), `refused`, `reset`, `tls`, `route`, `connect`
 * (no connection in time), `protocol` (not HTTP) and `proxy`. `detail` is more exact, if more is known: an expired
 * certificate, a name that does not exist. `cause` is the error of the socket.
 *
 * @example
 * ```ts
 * import { CallbackUnreachableError, createDestinationPolicy, createGuardedTransport } from 'ringback/destination'
 *
 * const transport = createGuardedTransport({ policy: createDestinationPolicy() })
 * const request = { method: 'GET', url: 'https://no-such-name.invalid/', headers: {}, body: undefined }
 * try {
 *   await transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 65_536 })
 * } catch (error) {
 *   if (!(error instanceof CallbackUnreachableError)) throw error
 *   console.log(error.reason, error.detail) // dns no-such-name
 * }
 * ```
 */
export class CallbackUnreachableError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_UNREACHABLE'
  declare readonly code: typeof CallbackUnreachableError.code

  /** One word for what went wrong. */
  readonly reason: UnreachableReason
  /** One more exact word, such as `certificate-expired`; undefined if no more is known. */
  readonly detail: UnreachableDetail | undefined
  /**
   * Whether the failure is that of the host (its name, the route, the connection, TLS) and so of everything on it. A
   * connection that broke after the request was written, and a response that is not HTTP, may be the failure of one
   * path.
   */
  readonly ofHost: boolean
  /**
   * Whether the attempt never began because too much else was going on. Nothing was asked or sent, so nothing is known
   * about the destination.
   */
  readonly neverBegan: boolean

  constructor(
    origin: string,
    reason: UnreachableReason,
    options: {
      readonly cause?: unknown
      readonly neverBegan?: boolean
      /** Default: follows from the reason. */
      readonly ofHost?: boolean
      readonly detail?: UnreachableDetail | undefined
      /** A more exact text than that of reason and detail. */
      readonly because?: string
    } = {},
  ) {
    super(
      CallbackUnreachableError.code,
      `Cannot reach "${origin}": ${options.because ?? wordsFor(reason, options.detail)}`,
      options,
    )
    this.reason = reason
    this.detail = options.detail
    this.ofHost = options.ofHost ?? (reason !== 'reset' && reason !== 'protocol')
    this.neverBegan = options.neverBegan ?? false
  }
}

function wordsFor(reason: UnreachableReason, detail: UnreachableDetail | undefined): string {
  return detail === undefined ? unreachableReasons[reason] : unreachableDetails[detail]
}
