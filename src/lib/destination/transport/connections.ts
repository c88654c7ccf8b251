import type { Clock } from '../../clock.ts'
import type { GiveUp } from './connect-step.ts'
import { Connection } from './connection.ts'
import { type ConnectOptions, Connector } from './connector.ts'
import { IdleConnections, type IdleLimits, type WantedConnection } from './idle-connections.ts'
import { OpenSockets } from './open-sockets.ts'
import type { Destination } from './transport.ts'
import type { UndiciClient } from './undici-client.ts'

/** What {@link Connections} works with. */
export interface ConnectionsOptions extends ConnectOptions {
  readonly undici: UndiciClient
  readonly clock: Clock
  readonly idle: IdleLimits
  /** Sockets in all. */
  readonly socketLimit: number
}

const readByNodeLimit = 1_000

/**
 * The connections of one transport, which has one policy: each goes to an address that was judged under these rules. There
 * is nothing here of a destination that has no connection.
 */
export class Connections {
  readonly #undici: UndiciClient
  readonly #clock: Clock
  readonly #idle: IdleConnections
  readonly #sockets: OpenSockets
  readonly #connector: Connector
  readonly #open = new Set<Connection>()
  /** The last destinations that sent what undici does not read. */
  readonly #readByNode = new Set<string>()
  readonly #allClosed = Promise.withResolvers<void>()
  #closed = false

  constructor(options: ConnectionsOptions) {
    this.#undici = options.undici
    this.#clock = options.clock
    this.#idle = new IdleConnections(options.idle)
    this.#sockets = new OpenSockets(options.socketLimit, () => this.#idle.closeOldest() !== undefined)
    this.#connector = new Connector(options, this.#sockets)
  }

  /** Whether responses of the destination are read by `node:http`. */
  isReadByNode(destination: Destination): boolean {
    return this.#readByNode.size > 0 && this.#readByNode.has(nameOf(destination))
  }

  readByNode(destination: Destination): void {
    const [oldest] = this.#readByNode
    if (oldest !== undefined && this.#readByNode.size >= readByNodeLimit) this.#readByNode.delete(oldest)
    this.#readByNode.add(nameOf(destination))
  }

  /** An idle connection that may be used; end that by {@link giveBack}. */
  take(wanted: WantedConnection): Connection | undefined {
    return this.#idle.take(wanted, this.#clock.now())
  }

  /** Makes a connection; end its use by {@link giveBack}. What it returns gives up. */
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

  /** Its exchange is over: it is kept where it can be used again. */
  giveBack(connection: Connection): void {
    connection.end()
    if (!connection.isOpen) return
    if (this.#closed) {
      connection.close()
      return
    }
    connection.idleSinceMs = this.#clock.now()
    this.#idle.add(connection)
    this.#sockets.makeRoom()
  }

  /** Ends all connections as soon as their requests are done. */
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
      if (this.#closed && this.#open.size === 0) this.#allClosed.resolve()
    })
    return connection
  }
}

function nameOf({ url, recipient }: Destination): string {
  return JSON.stringify([url, recipient])
}
