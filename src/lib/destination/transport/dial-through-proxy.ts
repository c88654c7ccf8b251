import type { Socket } from 'node:net'
import type * as Undici from 'undici'
import { ConnectFailure } from './connect-failure.ts'
import type { Done, GiveUp } from './connect-step.ts'
import type { DialTarget } from './dial-address.ts'
import type { UndiciClient } from './undici-client.ts'

/** The HTTP proxy that is asked for a tunnel. */
export interface TunnelProxy {
  readonly undici: UndiciClient
  /** Its URL. */
  readonly proxy: string
  readonly connectTimeoutMs: number
}

/**
 * Opens a tunnel with `CONNECT` (RFC 9110 section 9.3.6). The proxy's own name comes from the operator and is not
 * judged.
 */
export function dialThroughProxy(through: TunnelProxy, target: DialTarget, done: Done<Socket>): GiveUp {
  const { undici, proxy, connectTimeoutMs } = through
  const client = new undici.Client(new URL(proxy).origin, {
    connect: { timeout: connectTimeoutMs, allowH2: false },
    headersTimeout: connectTimeoutMs,
  })
  openTunnel(client, proxy, target).then(
    socket => done(undefined, socket),
    error => done(error instanceof ConnectFailure ? error : new ConnectFailure('proxy', error)),
  )
  return reason => void client.destroy(reason as Error)
}

async function openTunnel(client: Undici.Client, proxy: string, { host, port }: DialTarget): Promise<Socket> {
  const { username, password } = new URL(proxy)
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  try {
    const { statusCode, socket } = await client.connect({
      path: target,
      headers: {
        host: target,
        ...(username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
    })
    // undici drops a socket that has received bytes before its first request
    if (statusCode === 200 && socket.readableLength === 0) return socket as Socket
    socket.on('error', () => {}).destroy()
    if (statusCode === 200) throw new ConnectFailure('protocol', new Error('A response came before the request'))
    throw new Error(`The proxy answered CONNECT with status ${statusCode}`)
  } finally {
    client.close().catch(() => {})
  }
}
