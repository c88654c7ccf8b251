import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { nodeSqlite } from './files/node-sqlite.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

/**
 * Keeps deliveries in memory, for tests: an SQLite database without a file, so that a test meets the rules of the store
 * that the application has in production. It does everything but outlive the process.
 *
 * @example
 * ```ts
 * import { memoryStore } from 'ringback/delivery'
 *
 * const store = memoryStore()
 * console.log((await store.counts()).scheduled) // 0
 * ```
 */
export function memoryStore(): DeliveryStore {
  return sqliteStore({ database: new (nodeSqlite().DatabaseSync)(':memory:') })
}
