import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type * as Undici from 'undici'
import type { buildConnector } from 'undici'
import { withoutFinalDots } from '../../url/without-final-dots.ts'
import { parseIpAddress } from '../address/ip-address.ts'
import { ConnectFailure, connectFailureReason } from './connect-failure.ts'

/** Where and how {@link pinnedConnector} connects. */
export interface PinnedConnection {
  /** The judged address: the only one that is connected to. */
  readonly address: string
  /** The name for SNI and the certificate, or `undefined` where the URL's host is an address itself. */
  readonly name: string | undefined
  /** The URL of an HTTP proxy that is asked for the address by `CONNECT`. */
  readonly proxy: string | undefined
  /** Time for connection and TLS handshake, in milliseconds. */
  readonly connectTimeoutMs: number
}

/**
 * Makes the connector of one undici pool. It connects to the judged address and to nothing else, and checks on the
 * socket that this is where it went; SNI and certificate stay on the name.
 */
export function pinnedConnector(undici: typeof Undici, pinned: PinnedConnection): buildConnector.connector {
  const connect = undici.buildConnector({
    timeout: pinned.connectTimeoutMs,
    allowH2: false,
    // No HTTP client needs one, and a receiver could ask for one after the other
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    // Said outright, NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch it off
    rejectUnauthorized: true,
    checkServerIdentity: checkAlternativeNames,
  })
  const { proxy } = pinned
  return (options, callback) => {
    const encrypted = options.protocol === 'https:'
    const fail = (error: unknown): void =>
      callback(error instanceof ConnectFailure ? error : failure(error, options.protocol), null)
    // Without TLS a server name would make undici look it up; the certificate check of an address needs none
    const target = {
      ...options,
      hostname: pinned.address,
      servername: encrypted && pinned.name !== undefined ? withoutFinalDots(pinned.name) : '',
    }
    if (proxy !== undefined) {
      openTunnel(undici, pinned, proxy, options).then(socket => {
        if (encrypted)
          connect({ ...target, httpSocket: socket }, (error, tls) => (error ? fail(error) : callback(null, tls)))
        else callback(null, socket)
      }, fail)
      return
    }
    connect(target, (error, socket) => {
      if (error) fail(error)
      else if (isConnectedTo(socket, pinned.address)) callback(null, socket)
      else {
        socket.destroy()
        fail(new ConnectFailure('connect', new Error(`Socket connected to ${socket.remoteAddress}`)))
      }
    })
  }
}

/** A common name is no name of a host (RFC 9525 section 2); Node goes by it where no alternative name is there. */
function checkAlternativeNames(hostname: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(hostname, { ...certificate, subject: { ...certificate.subject, CN: '' } })
}

function failure(error: unknown, protocol: string): ConnectFailure {
  return new ConnectFailure(connectFailureReason(error, protocol), error)
}

/** RFC 9110 section 9.3.6. The proxy's own name is the operator's and is not judged. */
async function openTunnel(
  undici: typeof Undici,
  { address, connectTimeoutMs }: PinnedConnection,
  proxy: string,
  { port, protocol }: buildConnector.Options,
): Promise<Socket> {
  const { origin, username, password } = new URL(proxy)
  const target = `${address.includes(':') ? `[${address}]` : address}:${port || (protocol === 'https:' ? '443' : '80')}`
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const client = new undici.Client(origin, {
    connect: { timeout: connectTimeoutMs, allowH2: false },
    headersTimeout: connectTimeoutMs,
  })
  try {
    const { statusCode, socket } = await client.connect({
      path: target,
      headers: {
        host: target,
        ...(username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
    })
    // undici drops a socket on which something came unasked before its request, and connects again without end
    if (statusCode === 200 && socket.readableLength === 0) return socket as Socket
    socket.on('error', () => {}).destroy()
    if (statusCode === 200) throw new ConnectFailure('protocol', new Error('A response came before the request'))
    throw new Error(`The proxy answered CONNECT with status ${statusCode}`)
  } catch (error) {
    throw error instanceof ConnectFailure ? error : new ConnectFailure('proxy', error)
  } finally {
    void client.close()
  }
}

function isConnectedTo(socket: Socket, address: string): boolean {
  const remote = socket.remoteAddress === undefined ? undefined : parseIpAddress(socket.remoteAddress)
  return remote !== undefined && String(remote) === String(parseIpAddress(address))
}
