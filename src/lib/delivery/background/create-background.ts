import type { WebhookCatalogue } from '../endpoints/webhook-catalogue.ts'
import { replaySome } from '../manage/replays.ts'
import type { SharedParts } from '../shared-parts.ts'
import type { Retention } from '../stored-delivery.ts'
import { BackgroundWork } from './background-work.ts'
import { BackgroundPace } from './pace.ts'

/** What `bench/postgres/retention.ts` shows to be harmless. */
export const restsAfterPurge = 3
const lookEveryMs = 1_000
const purgeEveryMs = 3_600_000

/** What goes on beside sending: fan-outs of messages, replays, and removing what is too old. */
export function createBackground(
  parts: Pick<SharedParts, 'store' | 'clock' | 'log' | 'makeId' | 'wake'>,
  given: {
    readonly random: () => number
    /** Without events there is nothing to fan out. */
    readonly catalogue: Pick<WebhookCatalogue, 'events'>
    readonly retention: Retention
  },
) {
  const { store, clock, log, wake } = parts
  const { random, catalogue, retention } = given
  const pace = new BackgroundPace(clock)
  const maker = (failure: string, firstMs: number, doSome: (now: number) => Promise<boolean>) =>
    new BackgroundWork({
      ...{ clock, log, failure, firstMs, everyMs: lookEveryMs, rests: () => pace.now.rests },
      async piece(now) {
        const did = await doSome(now)
        if (did) wake()
        return did
      },
    })
  return {
    pace,
    fanouts: maker('Could not go on making the deliveries of webhooks', 0, async now => {
      if (catalogue.events.size === 0) return false
      const request = { limit: pace.now.pieceSize, now }
      const [made, cancels] = await Promise.all([store.continueFanouts(request), store.cancelStale(request)])
      return made !== undefined || cancels
    }),
    // Sending what is due comes first.
    replays: maker('Could not go on replaying deliveries', lookEveryMs, async () => {
      return (await replaySome(parts, pace.now.pieceSize)) !== undefined
    }),
    purge: new BackgroundWork({
      ...{ clock, log, failure: 'Could not tidy the delivery store', everyMs: purgeEveryMs },
      // Processes that start together do not purge together.
      firstMs: purgeEveryMs * random(),
      rests: () => restsAfterPurge,
      piece: now => store.purge({ ...retention, now }),
    }),
  }
}
