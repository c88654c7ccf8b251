import type { Socket } from 'node:net'
import type * as Undici from 'undici'
import type { Clock } from '../../clock.ts'
import { once } from '../../once.ts'
import { type ConnectStep, type Done, type GiveUp, inTime } from './connect-step.ts'
import { type DialTarget, dialAddress } from './dial-address.ts'
import { dialThroughProxy } from './dial-through-proxy.ts'
import { Encryption } from './encryption.ts'
import type { WantedConnection } from './idle-connections.ts'
import type { OpenSockets } from './open-sockets.ts'

/** How a {@link Connector} connects. */
export interface ConnectOptions {
  readonly undici: typeof Undici
  readonly clock: Clock
  /** The URL of an HTTP proxy that is asked for the address by `CONNECT`. */
  readonly proxy: string | undefined
  /** Time for a connection, and for its TLS handshake, in milliseconds each. */
  readonly connectTimeoutMs: number
}

/** A connection that stands, and where it goes. */
export interface Connected {
  readonly socket: Socket
  readonly address: string
}

/** Connects to judged addresses and to nothing else; SNI and certificate stay on the name. */
export class Connector {
  readonly #options: ConnectOptions
  readonly #sockets: OpenSockets
  readonly #encryption = new Encryption()

  constructor(options: ConnectOptions, sockets: OpenSockets) {
    this.#options = options
    this.#sockets = sockets
  }

  /** Tries one address after the other; once one has taken a connection, no other is tried. */
  connect({ url, addresses }: WantedConnection, done: Done<Connected>): GiveUp {
    const rest = [...addresses]
    let giveUp: GiveUp = () => {}
    const next = (failure?: unknown): void => {
      const address = rest.shift()
      if (address === undefined) done(failure)
      else
        giveUp = this.#connectTo(url, address, (error, connected) =>
          connected === undefined ? next(error) : done(undefined, connected),
        )
    }
    next()
    return reason => {
      rest.length = 0
      giveUp(reason)
    }
  }

  /** With TLS where the URL wants it. */
  #connectTo(url: URL, address: string, done: Done<Connected>): GiveUp {
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
    let giveUp: GiveUp = this.#dial({ host: address, port }, (error, socket) => {
      if (socket === undefined) done(error)
      else if (url.protocol === 'http:') done(undefined, { socket, address })
      else giveUp = this.#encrypt(url, { socket, address }, done)
    })
    return reason => giveUp(reason)
  }

  /** A socket of its own, counted until it is closed. */
  #dial(target: DialTarget, done: Done<Socket>): GiveUp {
    const { connectTimeoutMs, clock } = this.#options
    const release = once(() => this.#sockets.release())
    let giveUp: GiveUp | undefined
    const wait = this.#sockets.acquire(() => {
      giveUp = inTime(
        this.#dialer(target),
        connectTimeoutMs,
        clock,
      )((error, socket) => {
        if (socket === undefined) release()
        else socket.once('close', release)
        done(error, socket)
      })
    })
    return reason => {
      if (giveUp !== undefined) giveUp(reason)
      else {
        wait()
        done(reason)
      }
    }
  }

  #dialer(target: DialTarget): ConnectStep<Socket> {
    const { proxy, ...options } = this.#options
    return done =>
      proxy === undefined ? dialAddress(target, done) : dialThroughProxy({ ...options, proxy }, target, done)
  }

  #encrypt(url: URL, plain: Connected, done: Done<Connected>): GiveUp {
    const { connectTimeoutMs, clock } = this.#options
    const handshake: ConnectStep<Socket> = finished => this.#encryption.begin(url, plain, finished)
    return inTime(
      handshake,
      connectTimeoutMs,
      clock,
    )((error, socket) => {
      if (socket === undefined) done(error)
      else {
        socket.once('close', () => plain.socket.destroy())
        done(undefined, { socket, address: plain.address })
      }
    })
  }
}
