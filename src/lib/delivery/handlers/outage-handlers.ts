import type { Clock } from '../../clock.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { maskUrl } from '../mask.ts'
import type { ClaimHandlersRequest, UnhandledOutage } from './handler-requests.ts'
import type { HandlerRun, HandlerSource } from './handler-runs.ts'
import type { OnOutage } from './on-outage.ts'

/** What {@link OutageHandlers} works with. */
export interface OutageHandlersContext {
  readonly store: Pick<DeliveryStore, 'claimOutages' | 'endOutages'>
  readonly clock: Clock
  readonly onOutage: OnOutage
  /** How long a destination must have had no 2xx while something waited. */
  readonly outageAfterMs: number
}

/** An outage is told at most this late. */
const mostLateMs = 10_000

/** Finds outages that have begun or ended, and makes the runs of `onOutage` for them. */
export class OutageHandlers implements HandlerSource {
  readonly everyMs: number
  readonly #context: OutageHandlersContext

  constructor(context: OutageHandlersContext) {
    this.#context = context
    this.everyMs = Math.min(context.outageAfterMs, mostLateMs)
  }

  async claim(request: ClaimHandlersRequest): Promise<readonly HandlerRun[]> {
    const { store, outageAfterMs } = this.#context
    const outages = await store.claimOutages({ ...request, afterMs: outageAfterMs })
    return outages.map(outage => this.#runOf(outage))
  }

  #runOf({ failures, endedAt, ...outage }: UnhandledOutage): HandlerRun {
    const { store, clock, onOutage } = this.#context
    const { recipient, state, since } = outage
    const url = maskUrl(outage.url)
    return {
      ...{ handler: 'onOutage', name: 'onOutage', failures, fields: { destination: url, state } },
      call: () => onOutage({ url, recipient, state, since, endedAt }),
      end: againInMs => store.endOutages({ outages: [{ ...outage, againInMs }], now: clock.now() }),
    }
  }
}
