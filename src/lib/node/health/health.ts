import type { Application } from '../../app/application.ts'
import { endsWithin } from '../../ends-within.ts'

/** What is said of a process: why it is not alive, or not ready, in words; nothing where it is. */
export type Reasons = readonly string[]

/** The parts of an application that are looked at. */
export type Watched = Pick<Application, 'sends'> & {
  readonly delivery: Pick<Application['delivery'], 'reach' | 'workerLateMs'>
}

/** A worker that owes its turn for so long hangs: the longest wait of one that is well is 20 s. */
const HANGS_AFTER_MS = 60_000
/** The store is asked at most so often, whoever asks. */
const ASKED_EVERY_MS = 1_000
const STORE_LIMIT_MS = 2_000

/** Whether a process lives, and whether it can do its work at the moment. */
export class Health {
  readonly #app: Watched
  readonly #now: () => number
  #state: 'starting' | 'started' | 'closing' = 'starting'
  #asked: Promise<boolean> | undefined
  #askedAt = 0

  constructor(app: Watched, now: () => number = () => performance.now()) {
    this.#app = app
    this.#now = now
  }

  started(): void {
    if (this.#state === 'starting') this.#state = 'started'
  }

  /** From now on it is not ready. */
  closing(): void {
    this.#state = 'closing'
  }

  /** Why somebody should start the process anew. */
  alive(): Reasons {
    return this.#app.delivery.workerLateMs > HANGS_AFTER_MS ? ['The delivery worker hangs'] : []
  }

  /** Why nobody should send requests to it. */
  async ready(): Promise<Reasons> {
    if (this.#state === 'starting') return ['It is starting']
    if (this.#state === 'closing') return ['It is closing']
    const reasons = [...this.alive()]
    if (this.#app.sends && !(await this.#storeAnswers())) reasons.push('The delivery store does not answer')
    return reasons
  }

  #storeAnswers(): Promise<boolean> {
    const now = this.#now()
    if (this.#asked !== undefined && now - this.#askedAt < ASKED_EVERY_MS) return this.#asked
    this.#askedAt = now
    this.#asked = endsWithin(this.#app.delivery.reach(), STORE_LIMIT_MS).catch(() => false)
    return this.#asked
  }
}
