import type { Clock } from '../../clock.ts'
import type { GiveUp } from './connect-step.ts'
import { Connection } from './connection.ts'
import { type ConnectOptions, Connector } from './connector.ts'
import { IdleConnections, type IdleLimits, type WantedConnection } from './idle-connections.ts'
import { OpenSockets } from './open-sockets.ts'
import { RecentDestinations } from './recent-destinations.ts'
import type { Destination } from './transport.ts'
import type { UndiciClient } from './undici-client.ts'

/**
 * The connections of one transport. It has one policy, so each connection goes to an address that was judged by its
 * rules. Of destinations without a connection only the recent ones that misbehaved are remembered.
 */
export class Connections {
  readonly #undici: UndiciClient
  readonly #clock: Clock
  readonly #idle: IdleConnections
  readonly #sockets: OpenSockets
  readonly #connector: Connector
  readonly #open = new Set<Connection>()
  /** The most recent destinations that sent what undici does not read. */
  readonly #readByNode = new RecentDestinations()
  /** The most recent ones that sent an unasked response. It could be taken for the one to their next request. */
  readonly #unasked = new RecentDestinations()
  readonly #allClosed = Promise.withResolvers<void>()
  #closed = false

  /** `socketLimit`: the most sockets at a time. */
  constructor(options: ConnectOptions, idle: IdleLimits, socketLimit: number) {
    this.#undici = options.undici
    this.#clock = options.clock
    this.#idle = new IdleConnections(idle)
    this.#sockets = new OpenSockets(socketLimit, () => this.#idle.closeOldest() !== undefined)
    this.#connector = new Connector(options, this.#sockets)
  }

  /** Whether `node:http` reads the responses of this destination. */
  isReadByNode(destination: Destination): boolean {
    return this.#readByNode.has(destination)
  }

  readByNode(destination: Destination): void {
    this.#readByNode.add(destination)
  }

  /** Takes an idle connection, if one may be used. Return it with {@link giveBack}. */
  take(wanted: WantedConnection): Connection | undefined {
    if (this.#isReadOnce(wanted.destination)) return undefined
    return this.#idle.take(wanted, this.#clock.now())
  }

  /** Makes a connection; return it with {@link giveBack}. The returned function gives up. */
  open(wanted: WantedConnection, resolve: (connection: Connection) => void, reject: (reason: unknown) => void): GiveUp {
    const giveUp = this.#connector.connect(wanted, (error, connected) => {
      if (connected === undefined) reject(error)
      else
        resolve(this.#keep(new Connection(this.#undici, connected.socket, { ...connected, origin: wanted.url.origin })))
    })
    return reason => {
      reject(reason)
      giveUp(reason)
    }
  }

  /** Its exchange is over. It is kept if it can be used again. */
  giveBack(connection: Connection): void {
    connection.end()
    if (!connection.isOpen) return
    if (this.#closed || (connection.destination && this.#isReadOnce(connection.destination))) {
      connection.close()
      return
    }
    connection.idleSinceMs = this.#clock.now()
    this.#idle.add(connection)
    this.#sockets.makeRoom()
  }

  /** Closes all connections as soon as their requests are done. */
  async close(): Promise<void> {
    this.#closed = true
    this.#idle.closeAll()
    if (this.#open.size > 0) await this.#allClosed.promise
  }

  #keep(connection: Connection): Connection {
    this.#open.add(connection)
    connection.onClose(() => {
      this.#open.delete(connection)
      this.#idle.delete(connection)
      if (connection.endedUnasked && connection.destination) this.#unasked.add(connection.destination)
      if (this.#closed && this.#open.size === 0) this.#allClosed.resolve()
    })
    return connection
  }

  /** Whether each connection to the destination is used for one request only. */
  #isReadOnce(destination: Destination): boolean {
    return this.#unasked.has(destination) || this.#readByNode.has(destination)
  }
}
