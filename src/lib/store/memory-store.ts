import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { nodeSqlite } from './files/node-sqlite.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

/**
 * Keeps deliveries in memory, for tests. It is an SQLite database without a file, so a test meets the same rules as the
 * application in production. It does everything except outlive the process.
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
