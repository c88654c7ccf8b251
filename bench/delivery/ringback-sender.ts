import { createDelivery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { certificate } from '../receiver/certificate.ts'
import { destinationsOf, readRoute, resolveRoute } from './route.ts'
import { senderArguments, serveSender } from './sender-program.ts'
import { storeInBatches } from './store-in-batches.ts'

/**
 * Ringback as a user runs it, with the same limits as the bare loop: signed, guarded, each attempt logged, the response
 * checked against its declared schema. The variant is the versions of the signature, `v1` or `v1,v1a`, and the route of
 * the deliveries, whose destinations have their turns: `v1 to 1000 together http`.
 */
const { deliveries, receiver, database, variant } = senderArguments()
const [versions, route = '1 together http'] = variant.split(' to ')

const delivery = createDelivery({
  store: sqliteStore({ path: database }),
  signing: { masterSecret: 'a master secret for benchmarks only', ...(versions === 'v1' && { keyPairs: [] }) },
  destinations: {
    allow: ['127.0.0.0/8', 'bench.test', '*.bench.test'],
    resolver: resolveRoute,
    tls: [{ hosts: ['bench.test', '*.bench.test'], ca: certificate }],
  },
  concurrency: { total: 64, perOrigin: 64 },
})

const destinations = destinationsOf(readRoute(route), Number(receiver.port))

serveSender({
  store: () => storeInBatches(delivery, deliveries, destinations),
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
