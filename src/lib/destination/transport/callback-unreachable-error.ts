import { RingbackError } from '../../error.ts'

/** Why a destination could not be reached, in one word, and how its message says it. */
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
 * (no connection in time), `protocol` (not HTTP) and `proxy`. `cause` holds the error of the socket.
 *
 * @example
 * ```ts
 * import { CallbackUnreachableError, createDestinationPolicy, createGuardedTransport } from 'ringback/destination'
 *
 * const transport = createGuardedTransport({ policy: createDestinationPolicy() })
 * const request = { method: 'GET', url: 'https://no-such-name.invalid/', headers: {}, body: undefined }
 * try {
 *   await transport.send(request, { timeoutMs: 5_000, answerLimitBytes: 65_536 })
 * } catch (error) {
 *   if (!(error instanceof CallbackUnreachableError)) throw error
 *   console.log(error.reason) // dns
 * }
 * ```
 */
export class CallbackUnreachableError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_UNREACHABLE'
  declare readonly code: typeof CallbackUnreachableError.code

  /** One word for what went wrong. */
  readonly reason: UnreachableReason
  /** Whether too much else was under way to begin: nothing was asked or sent, and nothing is known of the destination. */
  readonly neverBegan: boolean

  constructor(
    origin: string,
    reason: UnreachableReason,
    options: {
      readonly cause?: unknown
      readonly neverBegan?: boolean
      /** More exact words than those of the reason. */
      readonly because?: string
    } = {},
  ) {
    super(
      CallbackUnreachableError.code,
      `Cannot reach "${origin}": ${options.because ?? unreachableReasons[reason]}`,
      options,
    )
    this.reason = reason
    this.neverBegan = options.neverBegan ?? false
  }
}
