import type { Connection } from './connection.ts'
import type { Destination } from './transport.ts'

/** How many idle connections are kept. */
export interface IdleLimits {
  readonly total: number
  readonly perOrigin: number
}

/** What a connection is wanted for. */
export interface WantedConnection {
  readonly url: URL
  /** All judged. */
  readonly addresses: readonly string[]
  /** More of them that are judged by then, or none: those of the other kind, whose look-up takes longer. */
  readonly later?: Promise<readonly string[]> | undefined
  readonly destination: Destination
}

/** A response that nobody asked for comes within this time, or there is none. */
const strayMs = 1_000

/**
 * The connections that nothing is on its way on. Each belongs to the destination for which it was last used, since a
 * receiver may send a second response there, which would be taken for that to the next request.
 */
export class IdleConnections {
  readonly #limits: IdleLimits
  /** The one that has been idle for longest first. */
  readonly #all = new Set<Connection>()
  /** Of each origin, the one that has been idle for longest first. */
  readonly #byOrigin = new Map<string, Connection[]>()

  constructor(limits: IdleLimits) {
    this.#limits = limits
  }

  /** Keeps a connection, and closes those that are too many. */
  add(connection: Connection): void {
    const ofOrigin = this.#byOrigin.get(connection.origin)
    this.#all.add(connection)
    if (ofOrigin === undefined) this.#byOrigin.set(connection.origin, [connection])
    else if (ofOrigin.push(connection) > this.#limits.perOrigin) this.#close(ofOrigin[0])
    if (this.#all.size > this.#limits.total) this.closeOldest()
  }

  /** One that may be used, no longer kept: of the same destination, else of the same recipient, else an old one. */
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

  /** It is closed, or used again. */
  delete(connection: Connection): void {
    if (!this.#all.delete(connection)) return
    const ofOrigin = this.#byOrigin.get(connection.origin) ?? []
    if (ofOrigin.length > 1) ofOrigin.splice(ofOrigin.indexOf(connection), 1)
    else this.#byOrigin.delete(connection.origin)
  }

  /** Closes the one that has been idle for longest, and gives it back. */
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

/** Whether it goes where the request may go; only addresses that are judged now count. */
function isOf(connection: Connection, { addresses }: WantedConnection): boolean {
  return connection.isOpen && addresses.includes(connection.address)
}

/** Whether it was used for this destination last: recipient and URL. */
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
