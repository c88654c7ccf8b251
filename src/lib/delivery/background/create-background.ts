import type { Clock } from '../../clock.ts'
import type { Log } from '../../log/log.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { fanOutSome } from '../endpoints/fan-out-some.ts'
import type { WebhookCatalogue } from '../endpoints/webhook-catalogue.ts'
import { replaySome } from '../manage/replays.ts'
import type { Retention } from '../stored-delivery.ts'
import { BackgroundWork } from './background-work.ts'
import { BackgroundPace } from './pace.ts'

/** What the work in the background is made with. */
export interface BackgroundContext {
  readonly store: DeliveryStore
  readonly clock: Clock
  readonly log: Log
  readonly makeId: () => string
  readonly random: () => number
  readonly catalogue: Pick<WebhookCatalogue, 'events'>
  readonly retention: Retention
  /** Called when more has become due. */
  readonly wake: () => void
}

/** What `bench/postgres/retention.ts` shows to be harmless. */
export const restsAfterPurge = 3
const lookEveryMs = 1_000
const purgeEveryMs = 3_600_000

/** What goes on beside sending: fan-outs of messages, replays, and removing what is too old. */
export function createBackground(context: BackgroundContext) {
  const { store, clock, log, random, retention, wake } = context
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
    fanouts: maker('Could not go on making the deliveries of webhooks', 0, now =>
      fanOutSome(context, { limit: pace.now.pieceSize, now }),
    ),
    // Sending what is due comes first.
    replays: maker('Could not go on replaying deliveries', lookEveryMs, async () => {
      return (await replaySome(context, pace.now.pieceSize)) !== undefined
    }),
    purge: new BackgroundWork({
      ...{
        clock,
        log,
        failure: 'Could not tidy the delivery store',
        everyMs: purgeEveryMs,
        rests: () => restsAfterPurge,
      },
      // Processes that start together do not purge together.
      firstMs: purgeEveryMs * random(),
      piece: now => store.purge({ ...retention, now }),
    }),
  }
}
