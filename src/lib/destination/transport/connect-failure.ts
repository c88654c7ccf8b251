import { CallbackUnreachableError, type UnreachableReason } from './callback-unreachable-error.ts'

/** A connection that did not come about: nothing was written, so another address of the same name may be tried. */
export class ConnectFailure extends Error {
  readonly reason: UnreachableReason

  constructor(reason: UnreachableReason, cause: unknown) {
    super('No connection', { cause: withoutData(cause) })
    this.reason = reason
  }
}

/** An answer that goes on and on beside its body. */
export class AnswerOverflow extends Error {
  readonly code = 'ANSWER_OVERFLOW'

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
  ANSWER_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  // What undici's parser takes for impossible: a status below 100, 101 without an upgrade
  ERR_ASSERTION: 'protocol',
}

/** The reason for an error that came before the connection stood. */
export function connectFailureReason(error: unknown, protocol: string): UnreachableReason {
  const code = errorCode(error)
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'connect'
  return reasonsByCode[code] ?? (protocol === 'https:' ? 'tls' : 'connect')
}

/** The public error for one of the connection; every other error (a bad argument, the caller's own) as it is. */
export function publicError(origin: string, error: unknown): unknown {
  if (error instanceof ConnectFailure) return new CallbackUnreachableError(origin, error.reason, { cause: error.cause })
  const code = errorCode(error)
  // The parser's own codes are not always set
  const isParserError = error instanceof Error && error.name === 'HTTPParserError'
  const reason = isParserError ? 'protocol' : (reasonsByCode[code] ?? (isTlsCode(code) ? 'tls' : undefined))
  return reason === undefined ? error : new CallbackUnreachableError(origin, reason, { cause: withoutData(error) })
}

/**
 * The error without the bytes that undici's parser stumbled over: those of the answer, which a receiver that sends back
 * what it gets fills with our own headers. They belong in no log.
 */
function withoutData(error: unknown): unknown {
  if (error instanceof Error && 'data' in error) delete error.data
  return error
}

/** Those of OpenSSL and of Node's TLS; an alert of the other side is one of them. */
function isTlsCode(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
