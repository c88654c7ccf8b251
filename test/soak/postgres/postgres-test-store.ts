import { createDelivery, type DeliveryEngine } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { MASTER_SECRET } from '../test-store.ts'

/** A store in PostgreSQL, looked at from outside of the programs that use it. */
export class PostgresTestStore implements AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>
  readonly #engine: DeliveryEngine

  constructor(connectionString: string, environment: Readonly<Record<string, string>> = {}) {
    this.environment = { DATABASE_URL: connectionString, RINGBACK_MASTER_SECRET: MASTER_SECRET, ...environment }
    const store = postgresStore({ connectionString })
    this.#engine = createDelivery({ store, signing: { masterSecret: MASTER_SECRET }, worker: false })
  }

  get deliveries() {
    return this.#engine.deliveries
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#engine.close()
  }
}
