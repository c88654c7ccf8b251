import { decryptAtRest } from '../../signature/at-rest.ts'
import { atRestKey, masterSecretId } from '../../signature/master-secret.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { readMessage } from '../message.ts'
import { MasterSecretUnknownError } from './master-secret-unknown-error.ts'
import { openSealed } from './open-message.ts'

/** Makes sure that nothing is stored or signed before the store has confirmed the master secrets. */
export class StoreKeys {
  readonly #store: DeliveryStore
  readonly #masterSecrets: readonly string[]
  #known = false
  #asking: Promise<void> | undefined

  constructor(store: DeliveryStore, masterSecrets: readonly string[]) {
    this.#store = store
    this.#masterSecrets = masterSecrets
  }

  /** Whether the store has confirmed them. */
  get known(): boolean {
    return this.#known
  }

  /**
   * Asks until the store has confirmed them. Rejects with `MasterSecretUnknownError` if it refuses them, and with the
   * store's error if it does not answer; the next call then asks again.
   */
  async ensure(transaction?: unknown): Promise<void> {
    if (this.#known) return
    // What is recorded within a transaction may be undone with it, so this confirmation is not remembered.
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
    const keys = this.#masterSecrets.map(atRestKey)
    // What an endpoint has is sealed as a whole, unlike a message
    return (
      succeeds(() => openSealed(readMessage(content), this.#masterSecrets)) ||
      succeeds(() => decryptAtRest(keys, content))
    )
  }
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
