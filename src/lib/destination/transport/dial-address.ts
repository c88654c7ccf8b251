import { connect, type Socket } from 'node:net'
import { parseIpAddress } from '../address/ip-address.ts'
import { ConnectFailure, connectFailureReason } from './connect-failure.ts'
import type { Done, GiveUp } from './connect-step.ts'

/** Where to connect to. */
export interface DialTarget {
  /** An address, or a name that a proxy is to look up. */
  readonly host: string
  readonly port: number
  /** The URL of the proxy to connect through. */
  readonly proxy: string | undefined
}

/** Connects only to the judged address, and checks on the socket that the connection really goes there. */
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

/** The failure for an error that came before the connection was made. */
function connectFailure(error: unknown): ConnectFailure {
  return error instanceof ConnectFailure ? error : new ConnectFailure(connectFailureReason(error, 'connect'), error)
}

function isConnectedTo(socket: Socket, address: string): boolean {
  const remote = socket.remoteAddress === undefined ? undefined : parseIpAddress(socket.remoteAddress)
  return remote !== undefined && String(remote) === String(parseIpAddress(address))
}
