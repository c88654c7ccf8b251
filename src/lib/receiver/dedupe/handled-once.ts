import { hash } from 'node:crypto'
import { HttpError } from '../../http/http-error.ts'
import type { Log } from '../../log/log.ts'
import type { ReceiveOptions } from '../receive-options.ts'
import type { ClaimedMessage, Dedupe, DedupeClaim, StoredResponse } from './dedupe.ts'
import { memoryDedupe } from './memory-dedupe.ts'

/** The claim of one message, as its handling sees it. */
export interface DedupeClaimed {
  /** Stores the response; throws where that fails. */
  complete(response: StoredResponse, transaction?: unknown): void | Promise<void>
  /** Ends the claim once the handler has returned; a failure is told to the log. */
  settle(response: StoredResponse): Promise<void>
}

/** Handles a claimed message. */
export type HandleMessage = (claim: DedupeClaimed) => Promise<StoredResponse>

const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** Sees to it that each message is handled once, by the dedupe of a receiver. */
export class HandledOnce {
  readonly #dedupe: Dedupe | undefined
  readonly #scope: string
  readonly #log: Log
  #toWarn: boolean

  constructor(name: string, options: ReceiveOptions, log: Log) {
    const { dedupe, audience, recipient, keysUrl } = options
    this.#dedupe =
      dedupe === false ? undefined : (dedupe ?? memoryDedupe({ ...(options.clock && { clock: options.clock }) }))
    this.#scope = JSON.stringify(options.name ?? [name, audience, recipient, keysUrl])
    this.#log = log
    this.#toWarn = dedupe === undefined
  }

  /** The response to a message: of its handler, or the one that is known. Throws a 409 while somebody is at it. */
  async handle(id: string, handle: HandleMessage): Promise<StoredResponse> {
    const dedupe = this.#dedupe
    if (dedupe === undefined) return handle(UNCLAIMED)
    this.#warn()
    const key = hash('sha256', `${this.#scope}\n${id}`, 'base64url')
    const claim = await this.#claim(dedupe, key)
    if (claim.state === 'handled') return claim.response
    if (claim.state === 'running') throw runningAlready(claim.retryAfterMs)
    const { token } = claim
    try {
      return await handle(this.#claimed(dedupe, { key, token }))
    } catch (error) {
      await this.#release(dedupe, { key, token })
      throw error
    }
  }

  #warn(): void {
    if (!this.#toWarn) return
    this.#toWarn = false
    this.#log.warn(
      'Handled messages are remembered in memory only: after a restart, or in another process, they are handled again. Give "receive" a "dedupe": sqliteDedupe, postgresDedupe, or memoryDedupe where that is meant',
    )
  }

  async #claim(dedupe: Dedupe, key: string): Promise<DedupeClaim> {
    try {
      return await dedupe.claim(key)
    } catch (cause) {
      if (cause instanceof HttpError) throw cause
      this.#log.error('The dedupe of a receiver cannot be used', { error: cause })
      throw new HttpError(503, 'Messages cannot be taken at the moment', { headers: { 'retry-after': '5' }, cause })
    }
  }

  #claimed(dedupe: Dedupe, claim: ClaimedMessage): DedupeClaimed {
    return {
      complete: (response, transaction) => {
        if (!isSuccess(response.status))
          throw new TypeError(
            `"handled" was given status ${response.status}: only a 2xx says that a message was handled`,
          )
        return dedupe.complete(claim, response, transaction)
      },
      settle: async response => {
        if (!isSuccess(response.status)) return this.#release(dedupe, claim)
        try {
          await dedupe.complete(claim, response)
        } catch (error) {
          // The work is done, so the sender must not be told to repeat it.
          this.#log.error('A message was handled, but that could not be stored: it may be handled again', { error })
        }
      },
    }
  }

  async #release(dedupe: Dedupe, claim: ClaimedMessage): Promise<void> {
    try {
      await dedupe.release(claim)
    } catch (error) {
      this.#log.warn('A claim could not be given back: the message is handled again when its lease is over', { error })
    }
  }
}

const UNCLAIMED: DedupeClaimed = {
  complete() {
    throw new TypeError('"handled" has nothing to store in: "dedupe" of this receiver is false')
  },
  async settle() {},
}

const runningAlready = (retryAfterMs: number): HttpError =>
  new HttpError(409, 'This message is being handled at the moment', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) },
  })
