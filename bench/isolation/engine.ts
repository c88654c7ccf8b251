import { createDelivery, type DeliveryEngine, type DeliveryRequest } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'

/** The engine as a user has it, with all defaults. */
export function createEngine(database: string): DeliveryEngine {
  return createDelivery({
    store: sqliteStore({ path: database }),
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
