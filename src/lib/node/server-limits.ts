import { DefinitionError } from '../definition/definition-error.ts'

/** How long clients may take, and how much one connection may ask. A number of milliseconds may be Infinity: no limit. */
export interface ServerLimits {
  /** For the headers of a request, from its connection or its first byte on, in milliseconds. Default: 10,000. */
  readonly headersTimeoutMs?: number
  /**
   * For a whole request with its body, in milliseconds; not for its response, which may stream for as long as it likes. A
   * body slower than 1 KiB a second for 30 s is ended in any case. Default: 300,000.
   */
  readonly requestTimeoutMs?: number
  /**
   * How long a connection stays open after a response, in milliseconds: longer than a proxy in front keeps it, which would
   * send a request into a closing one otherwise. Default: 65,000.
   */
  readonly keepAliveTimeoutMs?: number
  /**
   * After so many requests the client is told to open another connection, so that the load is spread again; a further
   * request gets a 503. Default: Infinity.
   */
  readonly requestsPerSocket?: number
}

/** The same in the words of Node's server, for which 0 is "no limit". */
export interface NodeLimits {
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAliveTimeout: number
  readonly connectionsCheckingInterval: number
  readonly maxRequestsPerSocket: number
}

/** The longest time of a timer of Node. */
const MOST_MS = 2 ** 31 - 1
const CHECKING_MS = 5_000

/** The limits with their defaults. Throws a `DefinitionError` for an invalid one. */
export function nodeLimits(limits: ServerLimits): NodeLimits {
  const {
    headersTimeoutMs = 10_000,
    requestTimeoutMs = 300_000,
    keepAliveTimeoutMs = 65_000,
    requestsPerSocket = Number.POSITIVE_INFINITY,
  } = limits
  const named = { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, requestsPerSocket }
  for (const [name, limit] of Object.entries(named)) checkLimit(name, limit)
  if (headersTimeoutMs > requestTimeoutMs)
    throw new DefinitionError(
      `"headersTimeoutMs" is ${headersTimeoutMs} and "requestTimeoutMs" is ${requestTimeoutMs}: the headers are part of the request, so give them less time`,
    )
  return {
    headersTimeout: finite(headersTimeoutMs),
    requestTimeout: finite(requestTimeoutMs),
    keepAliveTimeout: finite(keepAliveTimeoutMs),
    connectionsCheckingInterval: Math.min(CHECKING_MS, Math.max(1, Math.ceil(headersTimeoutMs / 2))),
    maxRequestsPerSocket: finite(requestsPerSocket),
  }
}

function checkLimit(name: string, limit: number): void {
  if (limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= 1 && limit <= MOST_MS)) return
  throw new DefinitionError(
    `"${name}" is "${limit}": give a whole number from 1 to ${MOST_MS}, or Infinity for no limit`,
  )
}

const finite = (limit: number): number => (limit === Number.POSITIVE_INFINITY ? 0 : limit)
