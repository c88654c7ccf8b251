import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'

/** The settings of all WebSockets of an application. */
export interface WebSocketOptions {
  /**
   * The origins whose pages may open a WebSocket beside the application's own, such as `https://app.example.com`; `'*'`
   * is every origin, and `'null'` that of pages without one. A browser names the origin of the page and sends the
   * application's cookies, whoever wrote the page. A client that names no origin is not a browser, and may connect.
   * Default: none.
   */
  readonly allowedOrigins?: readonly string[]
  /** How many may be open at once, handshakes included; a further one is refused with 503. Default: 10,000. */
  readonly maxConnections?: number
  /** The largest message of a client; a larger one closes the socket with 1009. Default: 1,048,576 (1 MiB). */
  readonly messageLimitBytes?: number
  /** How much may wait for one slow client before its connection is ended. Default: 1,048,576 (1 MiB). */
  readonly waitingLimitBytes?: number
  /**
   * How often a sign of life is asked for, in milliseconds. A client that gives none until the next time is taken to be
   * gone. Default: 30,000.
   */
  readonly heartbeatMs?: number
  /**
   * Whether messages may be compressed (RFC 7692), which costs memory and CPU of each connection, and shows by its length
   * what a secret and a text of the client have in common. Default: false.
   */
  readonly compression?: boolean
}

const NAMES: Readonly<Record<keyof WebSocketOptions, true>> = {
  allowedOrigins: true,
  maxConnections: true,
  messageLimitBytes: true,
  waitingLimitBytes: true,
  heartbeatMs: true,
  compression: true,
}

/** The longest time of a timer. */
const MOST_MS = 2 ** 31 - 1

/** The settings with their defaults. Throws a `DefinitionError` for an invalid one. */
export function webSocketLimits(given: WebSocketOptions = {}): Required<WebSocketOptions> {
  checkNames(given, NAMES, '"websockets" of the application')
  const {
    allowedOrigins = [],
    maxConnections = 10_000,
    messageLimitBytes = 1_048_576,
    waitingLimitBytes = 1_048_576,
    heartbeatMs = 30_000,
    compression = false,
  } = given
  for (const [name, value] of Object.entries({ maxConnections, messageLimitBytes, waitingLimitBytes, heartbeatMs }))
    if (!(Number.isSafeInteger(value) && value >= 1 && (name !== 'heartbeatMs' || value <= MOST_MS)))
      throw new DefinitionError(
        `"${name}" of "websockets" is ${quoted(value)}: give a whole number of 1 or more${name === 'heartbeatMs' ? `, at most ${MOST_MS}` : ''}`,
      )
  if (typeof compression !== 'boolean')
    throw new DefinitionError(`"compression" of "websockets" is ${quoted(compression)}: give true or false`)
  checkOrigins(allowedOrigins, '"websockets" of the application')
  return { allowedOrigins, maxConnections, messageLimitBytes, waitingLimitBytes, heartbeatMs, compression }
}

/** Throws a `DefinitionError` for what no browser sends as an origin, and what would never match. */
export function checkOrigins(origins: unknown, place: string): asserts origins is readonly string[] {
  if (!Array.isArray(origins))
    throw new DefinitionError(
      `"allowedOrigins" of ${place} is ${quoted(origins)}: give a list of origins, such as ["https://app.example.com"]`,
    )
  for (const origin of origins as unknown[])
    if (origin !== '*' && origin !== 'null' && !(typeof origin === 'string' && URL.parse(origin)?.origin === origin))
      throw new DefinitionError(
        `"allowedOrigins" of ${place} contains ${quoted(origin)}, which is not an origin: write scheme, host and port only, such as "https://app.example.com"`,
      )
}
