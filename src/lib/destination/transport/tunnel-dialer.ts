import type { Socket } from 'node:net'
import type * as Undici from 'undici'
import { ConnectFailure } from './connect-failure.ts'
import type { Done, GiveUp } from './connect-step.ts'
import type { DialTarget } from './dial-address.ts'
import type { UndiciClient } from './undici-client.ts'

/** A target that an HTTP proxy connects to. */
export interface ProxiedTarget extends DialTarget {
  readonly proxy: string
}

/**
 * Opens tunnels with `CONNECT` (RFC 9110 section 9.3.6). The proxy's own name comes from the operator and is not
 * judged.
 */
export class TunnelDialer {
  readonly #undici: UndiciClient
  readonly #connectTimeoutMs: number

  constructor(undici: UndiciClient, connectTimeoutMs: number) {
    this.#undici = undici
    this.#connectTimeoutMs = connectTimeoutMs
  }

  dial(target: ProxiedTarget, done: Done<Socket>): GiveUp {
    const client = new this.#undici.Client(new URL(target.proxy).origin, {
      connect: { timeout: this.#connectTimeoutMs, allowH2: false },
      headersTimeout: this.#connectTimeoutMs,
    })
    openTunnel(client, target).then(
      socket => done(undefined, socket),
      error => done(error instanceof ConnectFailure ? error : new ConnectFailure('proxy', error)),
    )
    return reason => void client.destroy(reason as Error)
  }
}

async function openTunnel(client: Undici.Client, { host, port, proxy }: ProxiedTarget): Promise<Socket> {
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
