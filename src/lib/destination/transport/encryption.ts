import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { checkServerIdentity, connect, type PeerCertificate, type SecureContext, type TLSSocket } from 'node:tls'
import { errorCode } from '../../error-code.ts'
import { withoutFinalDots } from '../../url/without-final-dots.ts'
import { literalAddress } from '../literal-address.ts'
import { compileTlsRules, type TlsRule } from '../tls-rules.ts'
import { ConnectFailure, connectFailureReason } from './connect-failure.ts'
import type { Done, GiveUp } from './connect-step.ts'

const sessionsLimit = 256

/** Makes TLS connections to the hosts of URLs, and keeps the sessions of servers whose certificate was valid. */
export class Encryption {
  readonly #contextFor: (url: URL) => SecureContext | undefined
  /** The session of each origin, the most recently used last. */
  readonly #sessions = new Map<string, Buffer>()

  constructor(rules: readonly TlsRule[] | undefined) {
    this.#contextFor = compileTlsRules(rules)
  }

  /**
   * `address` is where `socket` goes. The certificate is checked against it if the host of the URL is itself an
   * address.
   */
  begin(url: URL, { socket, address }: { socket: Socket; address: string }, done: Done<Socket>): GiveUp {
    const secureContext = this.#contextFor(url)
    const session = this.#sessions.get(url.origin)
    const encrypted = connect({
      socket,
      host: address,
      servername: literalAddress(url) === undefined ? withoutFinalDots(url.hostname) : '',
      ...(session && { session }),
      ...(secureContext && { secureContext }),
      ALPNProtocols: ['http/1.1'],
      // No HTTP client needs renegotiation, and a receiver could ask for it again and again
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch it off
      rejectUnauthorized: true,
      checkServerIdentity: checkAlternativeNames,
    })
    let hasKeys = false
    const fail = (error: unknown): void => {
      socket.destroy()
      done(error instanceof ConnectFailure ? error : failure(error, hasKeys))
    }
    // The keys are not kept: that there are some shows how far the handshake came
    encrypted.once('keylog', () => {
      hasKeys = true
    })
    encrypted.once('error', fail)
    encrypted.once('secureConnect', () => {
      encrypted.off('error', fail)
      this.#keepSessions(url.origin, encrypted)
      done(undefined, encrypted)
    })
    return reason => encrypted.destroy(reason as Error)
  }

  /** Only after the check of the certificate: Node does not check its names again when a session is resumed. */
  #keepSessions(origin: string, encrypted: TLSSocket): void {
    const keep = (session: Buffer | undefined): void => {
      if (session === undefined) return
      this.#sessions.delete(origin)
      this.#sessions.set(origin, session)
      if (this.#sessions.size <= sessionsLimit) return
      const [oldest] = this.#sessions.keys()
      this.#sessions.delete(oldest!)
    }
    // With TLS 1.2 the session came before this
    if (encrypted.getProtocol() !== 'TLSv1.3') keep(encrypted.getSession())
    encrypted.on('session', keep)
  }
}

/**
 * Before TLS 1.3 a server that wants a client certificate ends the handshake without a reason. That there are keys
 * already tells this case from others.
 */
function failure(error: unknown, hasKeys: boolean): ConnectFailure {
  const reason = connectFailureReason(error, 'tls')
  const isUnsaid = errorCode(error).endsWith('_ALERT_HANDSHAKE_FAILURE')
  return isUnsaid && hasKeys
    ? new ConnectFailure(reason, error, 'client-certificate')
    : new ConnectFailure(reason, error)
}

/** A common name is not a host name (RFC 9525 section 2), but Node uses it if there is no alternative name. */
function checkAlternativeNames(hostname: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(hostname, { ...certificate, subject: { ...certificate.subject, CN: '' } })
}
