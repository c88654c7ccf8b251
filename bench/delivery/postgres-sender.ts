import { setTimeout as pause } from 'node:timers/promises'
import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { destinationsOf, readRoute } from './route.ts'
import { inFlight, senderArguments, serveSender } from './sender-program.ts'
import { storeInBatches } from './store-in-batches.ts'

/**
 * Ringback on PostgreSQL as a user runs it: signed, guarded, each attempt logged, the response checked against its declared
 * schema. Several processes may send what one has stored. The variant is the route of the deliveries: `1000 apart http`.
 */
const { deliveries, receiver, database, variant } = senderArguments()
const lookEveryMs = 100

const delivery = createDelivery({
  store: postgresStore({ connectionString: database, preparedStatements: true }),
  signing: { masterSecret: 'a master secret for benchmarks only', keyPairs: [] },
  destinations: { allow: ['127.0.0.0/8'] },
  concurrency: { total: inFlight, perOrigin: inFlight },
})

const destinations = destinationsOf(readRoute(variant), Number(receiver.port))

serveSender({
  store: () => storeInBatches(delivery, deliveries, destinations),
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
