import type { Connection } from './connection.ts'
import type { Destination } from './transport.ts'

/** How many idle connections are kept. */
export interface IdleLimits {
  readonly total: number
  readonly perOrigin: number
}

/** What a request needs of a connection. */
export interface WantedConnection {
  readonly url: URL
  /** All of them judged. */
  readonly addresses: readonly string[]
  /** Addresses of the other family, whose look-up took longer: judged as well, or empty. */
  readonly later?: Promise<readonly string[]> | undefined
  readonly destination: Destination
}

/** A response that nobody asked for comes within this time, or not at all. */
const strayMs = 1_000

/**
 * The idle connections. Each belongs to the destination it was last used for: a receiver may send a second response
 * there, which would be taken for the response to the next request.
 */
export class IdleConnections {
  readonly #limits: IdleLimits
  /** The connection that has been idle for longest comes first. */
  readonly #all = new Set<Connection>()
  /** For each origin, the connection that has been idle for longest comes first. */
  readonly #byOrigin = new Map<string, Connection[]>()

  constructor(limits: IdleLimits) {
    this.#limits = limits
  }

  /** Keeps a connection, and closes the oldest ones if there are too many. */
  add(connection: Connection): void {
    const ofOrigin = this.#byOrigin.get(connection.origin)
    this.#all.add(connection)
    if (ofOrigin === undefined) this.#byOrigin.set(connection.origin, [connection])
    else if (ofOrigin.push(connection) > this.#limits.perOrigin) this.#close(ofOrigin[0])
    if (this.#all.size > this.#limits.total) this.closeOldest()
  }

  /**
   * Takes out a connection that may be used: of the same destination, else of the same recipient, else one that has
   * been idle for long enough.
   */
  take(wanted: WantedConnection, now: number): Connection | undefined {
    const ofOrigin = this.#byOrigin.get(wanted.url.origin)
    if (ofOrigin === undefined) return undefined
    const taken =
      ofOrigin.findLast(each => isOf(each, wanted) && isSameDestination(each, wanted)) ??
      ofOrigin.findLast(each => isOf(each, wanted) && isSameRecipient(each, wanted)) ??
      ofOrigin.findLast(each => isOf(each, wanted) && now - each.idleSinceMs >= strayMs)
    if (taken !== undefined) this.delete(taken)
    return taken
  }

  /** The connection is closed, or in use again. */
  delete(connection: Connection): void {
    if (!this.#all.delete(connection)) return
    const ofOrigin = this.#byOrigin.get(connection.origin) ?? []
    if (ofOrigin.length > 1) ofOrigin.splice(ofOrigin.indexOf(connection), 1)
    else this.#byOrigin.delete(connection.origin)
  }

  /** Closes the connection that has been idle for longest, and returns it. */
  closeOldest(): Connection | undefined {
    const [oldest] = this.#all
    this.#close(oldest)
    return oldest
  }

  closeAll(): void {
    for (const connection of this.#all) this.#close(connection)
  }

  #close(connection: Connection | undefined): void {
    if (connection === undefined) return
    this.delete(connection)
    connection.closeIdle()
  }
}

/** Whether it goes to an address that the request may go to. Only addresses that were judged for this request count. */
function isOf(connection: Connection, { addresses }: WantedConnection): boolean {
  return connection.isOpen && addresses.includes(connection.address)
}

/** Whether it was last used for this destination, which is a recipient and a URL. */
export function isSameDestination({ destination }: Connection, wanted: WantedConnection): boolean {
  return (
    destination !== undefined &&
    destination.url === wanted.destination.url &&
    destination.recipient === wanted.destination.recipient
  )
}

function isSameRecipient({ destination }: Connection, wanted: WantedConnection): boolean {
  return destination?.recipient !== undefined && destination.recipient === wanted.destination.recipient
}
