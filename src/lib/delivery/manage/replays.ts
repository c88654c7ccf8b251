import type { Clock } from '../../clock.ts'
import type { Pace } from '../background/pace.ts'
import { rest } from '../background/rest.ts'
import type { DeliveryStore, StoredReplay } from '../delivery-store.ts'
import type { SharedParts } from '../shared-parts.ts'
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

/** How many deliveries whoever waits for the end sends again in one commit, and how long he rests after that. */
const helping: Pace = { pieceSize: 32, rests: 1 }

/** Does a piece of what is to be replayed; undefined if there is nothing. */
export function replaySome(
  { store, clock, makeId }: Pick<SharedParts, 'store' | 'clock' | 'makeId'>,
  pieceSize: number,
): Promise<StoredReplay | undefined> {
  return store.continueReplays({ now: clock.now(), newIds: Array.from({ length: pieceSize }, makeId) })
}

/** Begins to replay what matches, and calls `wake` whenever something has become due. */
export async function beginReplay(
  context: Pick<SharedParts, 'store' | 'clock' | 'makeId' | 'wake'>,
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
        const begun = performance.now()
        await replaySome(context, helping.pieceSize)
        wake()
        await rest(performance.now() - begun, helping.rests)
      }
    },
  }
}
