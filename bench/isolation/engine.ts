import { createDelivery, type DeliveryEngine, type DeliveryRequest, type DeliveryStore } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { sqliteStore } from 'ringback/sqlite'

/** Whether a database is one of a PostgreSQL server, and not a file. */
export const isOnServer = (database: string) => database.startsWith('postgres:')

/** The store in a file, or on a server; `time` says whose clock holds there. */
export function storeAt(database: string, time: 'server' | 'caller'): DeliveryStore {
  if (!isOnServer(database)) return sqliteStore({ path: database })
  return postgresStore({ connectionString: database, preparedStatements: true, time })
}

/** The engine as a user has it, with all defaults. */
export function createEngine(database: string): DeliveryEngine {
  return createDelivery({
    store: storeAt(database, 'server'),
    signing: { masterSecret: 'a master secret for benchmarks only' },
    destinations: { allow: ['127.0.0.0/8'] },
  })
}

/** A delivery to a URL, which is a destination of its own. */
export function deliveryTo(url: string, body: Buffer): DeliveryRequest {
  return {
    operation: 'createInvoice',
    callback: 'invoiceNotification',
    method: 'POST',
    url,
    destination: url,
    body,
    responses,
  }
}

const responses = { 200: { schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } } }
