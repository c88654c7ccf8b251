import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDelivery, type DeliveryEngine } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'

export const MASTER_SECRET = 'a master secret that only this test knows'

/** A store in a folder of its own, which is removed at the end. */
export class TestStore implements AsyncDisposable {
  readonly path: string
  readonly #folder: string
  readonly #engine: DeliveryEngine

  private constructor(folder: string) {
    this.#folder = folder
    this.path = join(folder, 'deliveries.sqlite')
    const store = sqliteStore({ path: this.path })
    this.#engine = createDelivery({ store, signing: { masterSecret: MASTER_SECRET }, worker: false })
  }

  static async create(): Promise<TestStore> {
    return new TestStore(await mkdtemp(join(tmpdir(), 'ringback-soak-')))
  }

  /** The environment of a program that uses it. */
  get environment(): Readonly<Record<string, string>> {
    return { RINGBACK_STORE: this.path, TEST_STORE: this.path, RINGBACK_MASTER_SECRET: MASTER_SECRET }
  }

  get deliveries() {
    return this.#engine.deliveries
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close()
    await rm(this.#folder, { recursive: true })
  }
}
