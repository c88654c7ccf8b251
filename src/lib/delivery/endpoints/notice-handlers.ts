import type { Clock } from '../../clock.ts'
import type { DeliveryEmitter } from '../delivery-events.ts'
import type { DeliveryRequest } from '../delivery-request.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import type { ClaimHandlersRequest } from '../handlers/handler-requests.ts'
import type { HandlerRun, HandlerSource } from '../handlers/handler-runs.ts'
import type { EndpointNotice, EndpointOptions } from './endpoint.ts'
import { endpointOf } from './endpoint-details.ts'
import type { StoredNotice } from './endpoint-store.ts'
import type { WebhookCatalogue } from './webhook-catalogue.ts'

/** What {@link NoticeHandlers} works with. */
export interface NoticeContext {
  readonly store: Pick<DeliveryStore, 'claimNotices' | 'endNotices'>
  readonly clock: Clock
  readonly endpoints: Pick<EndpointOptions, 'onFailing' | 'onDisabled' | 'onRecovered'>
  readonly catalogue: Pick<WebhookCatalogue, 'notice'>
  /** Sends a webhook. */
  send(request: DeliveryRequest): Promise<unknown>
  /** Tells listeners in this process. */
  readonly events: Pick<DeliveryEmitter, 'emit'>
}

const handlerOf = { failing: 'onFailing', disabled: 'onDisabled', recovered: 'onRecovered' } as const
const lookEveryMs = 5_000

/** Finds what has happened to endpoints, and makes the runs that tell of it: at least once each, in any worker. */
export class NoticeHandlers implements HandlerSource {
  readonly everyMs = lookEveryMs
  readonly #context: NoticeContext

  constructor(context: NoticeContext) {
    this.#context = context
  }

  async claim(request: ClaimHandlersRequest): Promise<readonly HandlerRun[]> {
    const notices = await this.#context.store.claimNotices(request)
    return notices.map(notice => this.#runOf(notice))
  }

  #runOf(stored: StoredNotice): HandlerRun {
    const { store, clock, endpoints, catalogue, send, events } = this.#context
    const { id, kind, failures } = stored
    const name = handlerOf[kind]
    return {
      ...{ handler: name, name, failures, fields: { endpoint: stored.endpoint.id } },
      async call() {
        const notice = noticeOf(stored, clock.now())
        const request = await catalogue.notice(kind, notice)
        // Sent again with the same key if the handler fails: the others get it once
        if (request !== undefined) await send({ ...request, idempotencyKey: `notice ${id}` })
        const { id: endpoint, owner, disabledReason: reason } = notice.endpoint
        events.emit(`endpoint.${kind}`, { endpoint, owner, reason })
        await endpoints[name]?.(notice)
      },
      end: againInMs => store.endNotices({ notices: [{ id, failures, againInMs }], now: clock.now() }),
    }
  }
}

function noticeOf({ endpoint, failedAttempts, lastOutcome, lastStatus }: StoredNotice, now: number): EndpointNotice {
  return { endpoint: endpointOf(endpoint, now), failedAttempts, lastOutcome, lastStatus: lastStatus ?? null }
}
