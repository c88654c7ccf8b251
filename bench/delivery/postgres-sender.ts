import { setTimeout as pause } from 'node:timers/promises'
import { createDelivery, type DeliveryRequest } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { destinationsOf, readRoute } from './route.ts'
import { deliveryBody, inFlight, senderArguments, serveSender } from './sender-program.ts'

/**
 * Ringback on PostgreSQL as a user runs it: signed, guarded, each attempt logged, the response checked against its declared
 * schema. Several processes may send what one has stored. The variant is the route of the deliveries: `1000 apart http`.
 */
const { deliveries, receiver, database, variant } = senderArguments()
const storedTogether = 1_000
const lookEveryMs = 100

const delivery = createDelivery({
  store: postgresStore({ connectionString: database, preparedStatements: true }),
  signing: { masterSecret: 'a master secret for benchmarks only', keyPairs: [] },
  destinations: { allow: ['127.0.0.0/8'] },
  concurrency: { total: inFlight, perOrigin: inFlight },
})

const requestTo = (destination: string): DeliveryRequest => ({
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: `${destination}/invoices/2expen51ve`,
  destination,
  body: Buffer.from(deliveryBody),
  responses: {
    200: { schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } },
  },
})

const requests = destinationsOf(readRoute(variant), Number(receiver.port)).map(requestTo)

serveSender({
  async store() {
    for (let stored = 0; stored < deliveries; stored += storedTogether) {
      const count = Math.min(storedTogether, deliveries - stored)
      await delivery.store(
        Array.from({ length: count }, (_, index) => delivery.prepare(requests[(stored + index) % requests.length]!)),
      )
    }
  },
  async deliver() {
    await delivery.start()
    for (;;) {
      const { scheduled, attempting } = await delivery.deliveries.counts()
      if (scheduled + attempting === 0) break
      await pause(lookEveryMs)
    }
    delivery.stopClaiming()
  },
})
