import type { Socket } from 'node:net'
import type { Clock } from '../../clock.ts'
import { once } from '../../once.ts'
import type { TlsRule } from '../tls-rules.ts'
import { AddressOrder } from './address-order.ts'
import { AddressRace, type Connected } from './address-race.ts'
import { type ConnectStep, type Done, type GiveUp, inTime } from './connect-step.ts'
import { type DialTarget, dialAddress } from './dial-address.ts'
import { Encryption } from './encryption.ts'
import type { WantedConnection } from './idle-connections.ts'
import type { OpenSockets } from './open-sockets.ts'
import { TunnelDialer } from './tunnel-dialer.ts'
import type { UndiciClient } from './undici-client.ts'

/** How a {@link Connector} connects. */
export interface ConnectOptions {
  readonly undici: UndiciClient
  readonly clock: Clock
  /** The URL of the HTTP proxy that gets the address, or the name, in a `CONNECT` request. */
  readonly proxyFor: (url: URL) => string | undefined
  readonly tls: readonly TlsRule[] | undefined
  /** Time limit for a connection and for its TLS handshake, in milliseconds each. */
  readonly connectTimeoutMs: number
}

/** Connects only to judged addresses; SNI and certificate still use the name. */
export class Connector {
  readonly #options: ConnectOptions
  readonly #sockets: OpenSockets
  readonly #encryption: Encryption
  readonly #order: AddressOrder
  readonly #tunnels: TunnelDialer

  constructor(options: ConnectOptions, sockets: OpenSockets) {
    this.#options = options
    this.#sockets = sockets
    this.#encryption = new Encryption(options.tls)
    this.#order = new AddressOrder(options.clock)
    this.#tunnels = new TunnelDialer(options.undici, options.connectTimeoutMs)
  }

  /** TLS begins on the first connection only. If it fails, the remaining addresses are tried. */
  connect({ url, addresses, later }: WantedConnection, done: Done<Connected>): GiveUp {
    const rest = new Set(addresses)
    let giveUp: GiveUp = () => {}
    let gaveUp = false
    const next = (more?: typeof later): void => {
      giveUp = this.#race(url, more, [...rest])((error, plain) => {
        if (plain === undefined || url.protocol === 'http:') done(error, plain)
        else
          giveUp = this.#encrypt(url, plain, (failure, connected) => {
            rest.delete(plain.address)
            if (failure === undefined || gaveUp || rest.size === 0) done(failure, connected)
            else next()
          })
      })
    }
    next(later)
    return reason => {
      gaveUp = true
      giveUp(reason)
    }
  }

  #race(url: URL, later: Promise<readonly string[]> | undefined, addresses: readonly string[]): ConnectStep<Connected> {
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
    const proxy = this.#options.proxyFor(url)
    const rules = {
      clock: this.#options.clock,
      dial: (host: string, began: () => void, dialled: Done<Socket>) =>
        this.#dial({ host, port, proxy }, began, dialled),
      avoid: (address: string) => this.#order.avoid(address),
    }
    return done => {
      const race = new AddressRace(rules, (error, connected) => {
        if (connected !== undefined) this.#order.forgive(connected.address)
        done(error, connected)
      })
      return race.begin(this.#order.of(addresses), later)
    }
  }

  /** Opens a socket, which counts towards the limit until it is closed. */
  #dial(target: DialTarget, began: () => void, done: Done<Socket>): GiveUp {
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
      began()
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
    const { proxy } = target
    return done => (proxy === undefined ? dialAddress(target, done) : this.#tunnels.dial({ ...target, proxy }, done))
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
