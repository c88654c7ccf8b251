import type * as Undici from 'undici'
import type { Pool } from 'undici'
import type { Clock } from '../../clock.ts'
import { literalAddress } from '../policy.ts'
import { countedClient } from './counted-client.ts'
import { OpenSockets } from './open-sockets.ts'
import { type PinnedConnection, pinnedConnector } from './pinned-connector.ts'

/** What {@link AddressPools} works with. */
export interface AddressPoolsOptions extends Pick<PinnedConnection, 'proxy' | 'connectTimeoutMs'> {
  readonly undici: typeof Undici
  readonly clock: Clock
  /** Connections to one address for one origin. */
  readonly connections: number
  /** Pools kept; more exist only while all of them are in use. */
  readonly poolLimit: number
  /** Sockets of all pools together. */
  readonly socketLimit: number
}

/** The connections to one judged address for one origin. */
export interface AddressPool {
  readonly key: string
  readonly address: string
  readonly pool: Pool
  /** Requests between `acquire` and `release`. */
  inFlight: number
  lastUsedMs: number
  /** Whether the last connection came about: such a pool is preferred to other addresses of the name. */
  connected: boolean
}

const idlePoolMs = 60_000

/**
 * One undici pool for each origin and address. A transport has one policy and pools of its own, so a pooled connection
 * always goes to an address that was judged for this origin under these rules.
 */
export class AddressPools {
  readonly #options: AddressPoolsOptions
  readonly #sockets: OpenSockets
  /** In the order of last use. */
  readonly #pools = new Map<string, AddressPool>()

  constructor(options: AddressPoolsOptions) {
    this.#options = options
    this.#sockets = new OpenSockets(options.socketLimit)
  }

  /** The addresses in the order to try them: first those with a connection. */
  preferConnected(url: URL, addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses
    const isConnected = (address: string): boolean => this.#pools.get(poolKey(url, address))?.connected === true
    return [...addresses.filter(isConnected), ...addresses.filter(address => !isConnected(address))]
  }

  /** The pool of an origin and an address, made if need be; give it back by {@link release}. */
  acquire(url: URL, address: string): AddressPool {
    const key = poolKey(url, address)
    const existing = this.#pools.get(key)
    if (existing) this.#pools.delete(key)
    else this.#evict()
    const pool = existing ?? this.#create(key, url, address)
    this.#pools.set(key, pool)
    pool.inFlight++
    pool.lastUsedMs = this.#options.clock.now()
    return pool
  }

  /** Ends what {@link acquire} began. */
  release(pool: AddressPool): void {
    pool.inFlight--
  }

  /** Ends all connections as soon as their requests are done. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map(({ pool }) => pool.close()))
    this.#pools.clear()
  }

  #create(key: string, url: URL, address: string): AddressPool {
    const { undici, connections, proxy, connectTimeoutMs } = this.#options
    const name = literalAddress(url) === undefined ? url.hostname : undefined
    const connect = pinnedConnector(undici, { address, name, proxy, connectTimeoutMs })
    const pool = new undici.Pool(url.origin, {
      connections,
      factory: (origin, options) => countedClient(undici, origin, { ...options, connect, sockets: this.#sockets }),
      // The limit of the whole attempt holds for both
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveMaxTimeout: idlePoolMs,
    })
    return { key, address, pool, inFlight: 0, lastUsedMs: 0, connected: false }
  }

  #evict(): void {
    const idleSinceMs = this.#options.clock.now() - idlePoolMs
    for (const { key, pool, inFlight, lastUsedMs } of this.#pools.values()) {
      if (lastUsedMs > idleSinceMs && this.#pools.size < this.#options.poolLimit) return
      if (inFlight > 0) continue
      this.#pools.delete(key)
      void pool.destroy()
    }
  }
}

function poolKey(url: URL, address: string): string {
  return `${url.origin} ${address}`
}
