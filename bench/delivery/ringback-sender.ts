import { createDelivery, type DeliveryRequest } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { deliveryBody, senderArguments, serveSender } from './sender-program.ts'

/**
 * Ringback as a user runs it, with the same limits as the bare loop: signed, guarded, each attempt logged, the response
 * checked against its declared schema. The variant is the versions of the signature: `v1` or `v1,v1a`.
 */
const { deliveries, receiver, database, variant } = senderArguments()
const storedTogether = 1_000

const delivery = createDelivery({
  store: sqliteStore({ path: database }),
  signing: { masterSecret: 'a master secret for benchmarks only', ...(variant === 'v1' && { keyPairs: [] }) },
  destinations: { allow: ['127.0.0.0/8'] },
  concurrency: { total: 64, perOrigin: 64 },
})

const request: DeliveryRequest = {
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: `${receiver.href}/invoices/2expen51ve`,
  destination: receiver.href,
  body: Buffer.from(deliveryBody),
  responses: {
    200: { schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } },
  },
}

serveSender({
  async store() {
    for (let stored = 0; stored < deliveries; stored += storedTogether) {
      const count = Math.min(storedTogether, deliveries - stored)
      await delivery.store(Array.from({ length: count }, () => delivery.prepare(request)))
    }
    // The first reader moves what was stored into its tables: here, and not while deliveries are counted.
    await delivery.deliveries.counts()
  },
  async deliver() {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let settled = 0
    const off = delivery.on('delivery.settled', ({ state }) => {
      if (state !== 'delivered') reject(new Error(`A delivery is "${state}"`))
      if (++settled === deliveries) resolve()
    })
    await delivery.start()
    await promise
    off()
    delivery.stopClaiming()
  },
})
