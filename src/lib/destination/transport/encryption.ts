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

/** Makes TLS connections to the hosts of URLs, and keeps the sessions of servers whose certificate was right. */
export class Encryption {
  readonly #contextFor: (url: URL) => SecureContext | undefined
  /** By origin, the last used last. */
  readonly #sessions = new Map<string, Buffer>()

  constructor(rules: readonly TlsRule[] | undefined) {
    this.#contextFor = compileTlsRules(rules)
  }

  /** `address` is where `socket` goes: the name of the certificate where the URL's host is an address itself. */
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
      // No HTTP client needs one, and a receiver could ask for one after the other
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      // Said outright, NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch it off
      rejectUnauthorized: true,
      checkServerIdentity: checkAlternativeNames,
    })
    let hasKeys = false
    const fail = (error: unknown): void => {
      socket.destroy()
      done(error instanceof ConnectFailure ? error : failure(error, hasKeys))
    }
    // Nothing is kept of them: that there are some says how far the handshake came
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

  /** Only now: Node does not look at the names of a certificate again where a session is taken up. */
  #keepSessions(origin: string, encrypted: TLSSocket): void {
    const keep = (session: Buffer | undefined): void => {
      if (session === undefined) return
      this.#sessions.delete(origin)
      this.#sessions.set(origin, session)
      if (this.#sessions.size <= sessionsLimit) return
      const [oldest] = this.#sessions.keys()
      this.#sessions.delete(oldest!)
    }
    // With TLS 1.2 it came before
    if (encrypted.getProtocol() !== 'TLSv1.3') keep(encrypted.getSession())
    encrypted.on('session', keep)
  }
}

/** Before TLS 1.3 a server that misses a client certificate ends the handshake without a reason, once there are keys. */
function failure(error: unknown, hasKeys: boolean): ConnectFailure {
  const reason = connectFailureReason(error, 'tls')
  const isUnsaid = errorCode(error).endsWith('_ALERT_HANDSHAKE_FAILURE')
  return isUnsaid && hasKeys
    ? new ConnectFailure(reason, error, 'client-certificate')
    : new ConnectFailure(reason, error)
}

/** A common name is no name of a host (RFC 9525 section 2); Node goes by it where no alternative name is there. */
function checkAlternativeNames(hostname: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(hostname, { ...certificate, subject: { ...certificate.subject, CN: '' } })
}
