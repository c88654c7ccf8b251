import { connect, type Socket } from 'node:net'
import { parseIpAddress } from '../address/ip-address.ts'
import { ConnectFailure, connectFailureReason } from './connect-failure.ts'
import type { Done, GiveUp } from './connect-step.ts'

/** Where to connect to. */
export interface DialTarget {
  /** An address, or a name where a proxy is to look it up. */
  readonly host: string
  readonly port: number
  /** The URL of the proxy that is asked for it. */
  readonly proxy: string | undefined
}

/** Connects to the judged address and to nothing else, and checks on the socket that this is where it went. */
export function dialAddress({ host, port }: DialTarget, done: Done<Socket>): GiveUp {
  const socket = connect({
    host,
    port,
    autoSelectFamily: false,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  })
  const fail = (error: unknown): void => done(connectFailure(error))
  socket.once('error', fail)
  socket.once('connect', () => {
    if (!isConnectedTo(socket, host)) {
      socket.destroy(new Error(`Socket connected to ${socket.remoteAddress}`))
      return
    }
    socket.off('error', fail)
    done(undefined, socket)
  })
  return reason => socket.destroy(reason as Error)
}

/** The failure for an error that came before the connection stood. */
function connectFailure(error: unknown): ConnectFailure {
  return error instanceof ConnectFailure ? error : new ConnectFailure(connectFailureReason(error, 'connect'), error)
}

function isConnectedTo(socket: Socket, address: string): boolean {
  const remote = socket.remoteAddress === undefined ? undefined : parseIpAddress(socket.remoteAddress)
  return remote !== undefined && String(remote) === String(parseIpAddress(address))
}
