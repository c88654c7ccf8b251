import { errorCode } from '../../error-code.ts'
import { CallbackUnreachableError, type UnreachableReason } from './callback-unreachable-error.ts'
import { connectionDetail, type UnreachableDetail } from './unreachable-detail.ts'

/** A connection could not be made. Nothing was written, so another address of the same name may be tried. */
export class ConnectFailure extends Error {
  readonly reason: UnreachableReason
  readonly detail: UnreachableDetail | undefined

  constructor(reason: UnreachableReason, cause: unknown, detail = connectionDetail(cause)) {
    super('No connection', { cause: withoutData(cause) })
    this.reason = reason
    this.detail = detail
  }
}

/** A connection ended before the request was written. */
export class ConnectionGone extends Error {
  readonly code = 'ECONNRESET'

  constructor(cause: unknown) {
    super('The connection has ended', { cause })
  }
}

/** A reused connection brought no byte of a response: the receiver had closed it, which it may do. */
export class NoResponse extends Error {}

/** A response that sends too much beside its body. */
export class ResponseOverflow extends Error {
  readonly code = 'RESPONSE_OVERFLOW'

  constructor() {
    super('The response has more than 65,536 bytes apart from its body')
  }
}

const reasonsByCode: Readonly<Record<string, UnreachableReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'reset',
  UND_ERR_DESTROYED: 'reset',
  EHOSTUNREACH: 'route',
  ENETUNREACH: 'route',
  EADDRNOTAVAIL: 'route',
  UND_ERR_INFO: 'protocol',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  RESPONSE_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  // For undici's parser these are impossible: a status below 100, and 101 without an upgrade
  ERR_ASSERTION: 'protocol',
}

/** The reason for an error that came before the connection was made; `step` if the error's code says nothing. */
export function connectFailureReason(error: unknown, step: 'connect' | 'tls'): UnreachableReason {
  const code = errorCode(error)
  return code === 'ETIMEDOUT' ? 'connect' : (reasonsByCode[code] ?? step)
}

/**
 * The public error for an error of the connection. Every other error (a bad argument, the caller's own) is returned as
 * it is.
 */
export function publicError(origin: string, error: unknown): unknown {
  if (error instanceof ConnectFailure)
    return new CallbackUnreachableError(origin, error.reason, {
      cause: error.cause,
      ofHost: true,
      detail: error.detail,
    })
  const code = errorCode(error)
  const detail = connectionDetail(error)
  // The parser does not always set its own codes
  const isHttpError = detail === 'unasked-continue' || (error instanceof Error && error.name === 'HTTPParserError')
  const reason = isHttpError ? 'protocol' : (reasonsByCode[code] ?? (isTlsCode(code) ? 'tls' : undefined))
  if (reason === undefined) return error
  return new CallbackUnreachableError(origin, reason, { cause: withoutData(error), detail })
}

/**
 * Removes the bytes that undici's parser stumbled over. A receiver that echoes the request fills its response with our
 * own headers, which must not get into a log.
 */
function withoutData(error: unknown): unknown {
  if (error instanceof Error && 'data' in error) delete error.data
  return error
}

/** The codes of OpenSSL and of Node's TLS, including alerts from the other side. */
function isTlsCode(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')
}
