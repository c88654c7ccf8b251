import type { Clock } from '../../clock.ts'
import { HttpError } from '../../http/http-error.ts'
import type { Log } from '../../log/log.ts'
import type { Ed25519Jwk } from '../../signature/ed25519-key.ts'
import type { FetchedKeys } from './fetch-keys.ts'

/** So long keys are taken as they are, where the response does not say, and at least and at most. */
const keptMs = { usual: 300_000, least: 10_000, most: 86_400_000 }
/** Between two fetches, whatever strangers send. */
const pauseMs = 10_000
/** Old keys are better than none while their address is down, for a day. */
const staleMs = 86_400_000

/**
 * The public keys of a sender, from the address of its JSON Web Key Set: fetched when they are first needed, again when
 * they are too old, and early where a signature fits none of them. One fetch at a time, and at most one in ten seconds.
 */
export class RemoteKeys {
  readonly #fetchKeys: () => Promise<FetchedKeys>
  readonly #clock: Clock
  readonly #log: Log
  #keys: readonly Ed25519Jwk[] | undefined
  #freshUntil = 0
  #usableUntil = 0
  #nextFetchAt = Number.NEGATIVE_INFINITY
  #fetching: Promise<void> | undefined

  constructor(fetchKeys: () => Promise<FetchedKeys>, clock: Clock, log: Log) {
    this.#fetchKeys = fetchKeys
    this.#clock = clock
    this.#log = log
  }

  /** The keys. Throws a 503 where there are none and their address gives none. */
  async current(): Promise<readonly Ed25519Jwk[]> {
    const now = this.#clock.now()
    if (this.#keys === undefined || now >= this.#freshUntil) await this.#fetchSoon()
    if (this.#keys !== undefined && this.#clock.now() < this.#usableUntil) return this.#keys
    throw new HttpError(503, 'The public keys of the sender cannot be fetched at the moment', {
      headers: { 'retry-after': String(pauseMs / 1_000) },
    })
  }

  /** The keys after another fetch, if the last one is long enough ago: a new key may just have been published. */
  async renewed(): Promise<readonly Ed25519Jwk[] | undefined> {
    const before = this.#keys
    await this.#fetchSoon()
    return this.#keys === before ? undefined : this.#keys
  }

  async #fetchSoon(): Promise<void> {
    if (this.#fetching === undefined) {
      const now = this.#clock.now()
      if (now < this.#nextFetchAt) return
      this.#nextFetchAt = now + pauseMs
      this.#fetching = this.#fetch().finally(() => {
        this.#fetching = undefined
      })
    }
    await this.#fetching
  }

  async #fetch(): Promise<void> {
    try {
      const { keys, maxAgeMs = keptMs.usual } = await this.#fetchKeys()
      const now = this.#clock.now()
      this.#keys = keys
      this.#freshUntil = now + Math.min(Math.max(maxAgeMs, keptMs.least), keptMs.most)
      this.#usableUntil = this.#freshUntil + staleMs
    } catch (error) {
      const known = this.#keys === undefined ? 'there are none yet' : 'the known ones go on'
      this.#log.warn(`The public keys of the sender could not be fetched; ${known}`, { error })
    }
  }
}
