import type { Clock } from '../../clock.ts'
import type { Log } from '../../log/log.ts'
import type { DeliveryStore, StoredReplay } from '../delivery-store.ts'
import type { StoreFilter } from '../stored-delivery.ts'

/** The progress with the deliveries that `replayAll` found. Times are epoch milliseconds. */
export interface ReplayProgress extends StoredReplay {}

/** What `replayAll` has begun. */
export interface ReplayRun {
  /** The id for `replays.get`, in any process that uses the store. */
  readonly id: string
  /**
   * Helps with the work, and resolves when all of it is done by whichever process. `onProgress` is called now and then.
   * If you do not call this, the workers that use the store do the work.
   */
  finished(options?: { readonly onProgress?: (progress: ReplayProgress) => void }): Promise<ReplayProgress>
}

/** What replays are made with. */
export interface ReplayContext {
  readonly store: DeliveryStore
  readonly clock: Clock
  readonly makeId: () => string
}

/** How many deliveries are sent again in one commit. */
const pieceSize = 100

/** Does a piece of what is to be replayed; undefined if there is nothing. */
function replaySome({ store, clock, makeId }: ReplayContext): Promise<StoredReplay | undefined> {
  return store.continueReplays({ now: clock.now(), newIds: Array.from({ length: pieceSize }, makeId) })
}

/** Begins to replay what matches, and calls `wake` whenever something has become due. */
export async function beginReplay(
  context: ReplayContext & { readonly wake: () => void },
  filter: StoreFilter,
  newId: boolean,
): Promise<ReplayRun> {
  const { store, clock, makeId, wake } = context
  const id = makeId().replace('msg_', 'replay_')
  await store.startReplay({ id, filter, newId, now: clock.now() })
  wake()
  return {
    id,
    async finished({ onProgress = () => {} } = {}) {
      for (;;) {
        const progress = await store.getReplay(id)
        if (progress === undefined) throw new Error(`The replay "${id}" is no longer in the store`)
        if (progress.finishedAt !== undefined) return progress
        onProgress(progress)
        await replaySome(context)
        wake()
      }
    },
  }
}

const lookEveryMs = 1_000
const afterFailureMs = 30_000

/** Continues replays from time to time, for a process that has ended or does not wait for its own. */
export class ReplayWork {
  readonly #context: ReplayContext & { readonly log: Log }
  #lookAt: number

  constructor(context: ReplayContext & { readonly log: Log }) {
    this.#context = context
    // Sending what is due comes first.
    this.#lookAt = context.clock.now() + lookEveryMs
  }

  /** Makes the next `doSome` look. */
  wake(): void {
    this.#lookAt = 0
  }

  /** Does a piece if it is time to look; true if there was something to do. */
  async doSome(now: number): Promise<boolean> {
    const leftMs = this.#lookAt - now
    // If more is left, the clock was set back meanwhile.
    if (leftMs > 0 && leftMs <= afterFailureMs) return false
    try {
      const replay = await replaySome(this.#context)
      this.#lookAt = replay === undefined ? now + lookEveryMs : now
      return replay !== undefined
    } catch (error) {
      this.#lookAt = now + afterFailureMs
      this.#context.log.warn('Could not go on replaying deliveries', { error })
      return false
    }
  }
}
