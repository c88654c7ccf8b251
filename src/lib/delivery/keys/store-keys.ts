import { masterSecretId } from '../../signature/master-secret.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { readMessage } from '../message.ts'
import { MasterSecretUnknownError } from './master-secret-unknown-error.ts'
import { openSealed } from './open-message.ts'

/** Lets nothing be stored or signed before the store was asked whether it was used with one of the master secrets. */
export class StoreKeys {
  readonly #store: DeliveryStore
  readonly #masterSecrets: readonly string[]
  #known = false
  #asking: Promise<void> | undefined

  constructor(store: DeliveryStore, masterSecrets: readonly string[]) {
    this.#store = store
    this.#masterSecrets = masterSecrets
  }

  /** Whether the store has said yes. */
  get known(): boolean {
    return this.#known
  }

  /**
   * Asks until the store has said yes. Rejects with `MasterSecretUnknownError` where it says no, and with the store's errors
   * where it does not answer; then the next one asks again.
   */
  async ensure(transaction?: unknown): Promise<void> {
    if (this.#known) return
    // What is noted within a transaction may be undone with it.
    if (transaction !== undefined) return this.#ask(transaction)
    this.#asking ??= this.#ask(undefined)
      .then(() => {
        this.#known = true
      })
      .finally(() => {
        this.#asking = undefined
      })
    return this.#asking
  }

  async #ask(transaction: unknown): Promise<void> {
    const request = { ids: this.#masterSecrets.map(masterSecretId), transaction }
    const { known, sealed } = await this.#store.useKeys({ ...request, adopt: false })
    if (known) return
    if (sealed === undefined || !this.#opens(sealed)) throw new MasterSecretUnknownError(this.#store.location)
    await this.#store.useKeys({ ...request, adopt: true })
  }

  #opens(content: Uint8Array): boolean {
    try {
      openSealed(readMessage(content), this.#masterSecrets)
      return true
    } catch {
      return false
    }
  }
}
