import { errorCode } from '../../error-code.ts'

/** What exactly kept a request from its destination: one word, and the text of the message. */
export const unreachableDetails = {
  'no-such-name': 'there is no such name',
  'no-address': 'its name has no address',
  'lookup-silent': 'no name server answered in time',
  'lookup-refused': 'the name servers refuse to answer',
  'lookup-failed': 'the name servers could not answer',
  'certificate-expired': 'its certificate has expired',
  'certificate-not-yet-valid': 'its certificate is not valid yet',
  'certificate-self-signed': 'its certificate is self-signed',
  'certificate-untrusted': 'its certificate is of an authority that is not trusted here',
  'certificate-name': 'its certificate is for another name',
  'tls-version': 'its version of TLS is too old, or not ours',
  'no-tls': 'it does not speak TLS at this port',
  'http2-only': 'it speaks HTTP/2 only',
  'client-certificate': 'it asks for a client certificate',
  'client-certificate-refused': 'it does not take our client certificate',
  'unasked-continue': 'it sent 100 Continue, which was not asked for',
} as const

/** One word of this list; see `detail` of `CallbackUnreachableError`. */
export type UnreachableDetail = keyof typeof unreachableDetails

const detailsByCode: Readonly<Record<string, UnreachableDetail>> = {
  ENOTFOUND: 'no-such-name',
  ENODATA: 'no-address',
  ETIMEOUT: 'lookup-silent',
  ECONNREFUSED: 'lookup-refused',
  EREFUSED: 'lookup-refused',
  ESERVFAIL: 'lookup-failed',
  EBADRESP: 'lookup-failed',
  EAI_AGAIN: 'lookup-failed',
}

const tlsDetailsByCode: Readonly<Record<string, UnreachableDetail>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-version',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-version',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  ERR_SSL_HTTP_REQUEST: 'no-tls',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'http2-only',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'client-certificate',
}

/** The alerts with which a receiver refuses our certificate: the ends of OpenSSL's codes. */
const refusals = new Set([
  'BAD_CERTIFICATE',
  'UNKNOWN_CA',
  'UNSUPPORTED_CERTIFICATE',
  'CERTIFICATE_UNKNOWN',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'ACCESS_DENIED',
])

/** The detail of an error that a look-up ended with. */
export function lookupDetail(error: unknown): UnreachableDetail | undefined {
  return detailsByCode[errorCode(error)]
}

/** The detail of an error that a connection ended with. */
export function connectionDetail(error: unknown): UnreachableDetail | undefined {
  if (!(error instanceof Error)) return undefined
  const code = errorCode(error)
  if ('data' in error && isHttp2(error.data)) return 'http2-only'
  // During a request, undici uses this message for nothing else
  if (code === 'UND_ERR_SOCKET' && error.message === 'bad response') return 'unasked-continue'
  return (
    tlsDetailsByCode[code] ?? (refusals.has(code.split('_ALERT_')[1] ?? '') ? 'client-certificate-refused' : undefined)
  )
}

/** Whether the bytes begin with a `SETTINGS` frame, as those of every HTTP/2 server do (RFC 9113 section 3.4). */
function isHttp2(data: unknown): boolean {
  return typeof data === 'string' && data.charCodeAt(0) === 0 && data.charCodeAt(3) === 4 && data.charCodeAt(4) === 0
}
