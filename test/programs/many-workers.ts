// Several workers of a store in PostgreSQL, each with connections of its own, that tell what they claimed and could not do.
import { createDelivery, type DeliveryStore } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'

const { DATABASE_URL = '', RINGBACK_MASTER_SECRET = '', WORKERS = '1' } = process.env
const leaseMarginMs = 500
const claims: string[] = []
const errors: string[] = []

const ignore = () => {}
const error = (message: string, fields?: object) => errors.push(`${message} ${JSON.stringify(fields)}`)
const log = { debug: ignore, info: ignore, warn: ignore, error }

function watched(store: DeliveryStore): DeliveryStore {
  return {
    ...store,
    async claim(request) {
      const result = await store.claim({ ...request, leaseMarginMs })
      claims.push(...result.claimed.map(({ id, token }) => `${id} ${token}`))
      return result
    },
  }
}

for (let worker = 0; worker < Number(WORKERS); worker++) {
  const engine = createDelivery({
    store: watched(postgresStore({ connectionString: DATABASE_URL })),
    signing: { masterSecret: RINGBACK_MASTER_SECRET },
    destinations: { allow: ['127.0.0.0/8'] },
    log,
  })
  await engine.start()
}
process.on('message', () => process.send?.({ claims, errors }))
process.send?.({ url: '' })
