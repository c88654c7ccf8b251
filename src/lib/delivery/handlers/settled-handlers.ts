import type { Clock } from '../../clock.ts'
import type { Log } from '../../log/log.ts'
import { deliveryOf } from '../deliveries.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { openResponse } from '../keys/kept-response.ts'
import type { AttemptResponse, StoredDelivery } from '../stored-delivery.ts'
import type { UnhandledDelivery } from './handler-requests.ts'
import { type HandlerRun, type HandlerSource, handlerLeaseMs } from './handler-runs.ts'
import type { OnFailed } from './on-failed.ts'
import type { OnResponse } from './on-response.ts'

/** What {@link SettledHandlers} works with. */
export interface SettledHandlersContext {
  readonly store: Pick<DeliveryStore, 'claimHandlers' | 'endHandlers'>
  readonly clock: Clock
  readonly log: Log
  readonly onResponse: OnResponse | undefined
  readonly onFailed: OnFailed | undefined
  /** Open what is sealed. */
  readonly masterSecrets: readonly string[]
}

/** Makes the runs of `onResponse` for delivered deliveries, and of `onFailed` for those that failed or are blocked. */
export class SettledHandlers implements HandlerSource {
  readonly everyMs: number
  /** The lease for the worker that settles a delivery; undefined if there is no handler. */
  readonly responseLeaseMs: number | undefined
  readonly failedLeaseMs: number | undefined
  readonly #context: SettledHandlersContext

  constructor(context: SettledHandlersContext) {
    this.#context = context
    const hasHandler = context.onResponse !== undefined || context.onFailed !== undefined
    this.everyMs = hasHandler ? handlerLeaseMs : Number.POSITIVE_INFINITY
    this.responseLeaseMs = context.onResponse && handlerLeaseMs
    this.failedLeaseMs = context.onFailed && handlerLeaseMs
  }

  async claim(request: Parameters<HandlerSource['claim']>[0]): Promise<readonly HandlerRun[]> {
    const left = await this.#context.store.claimHandlers(request)
    return left.flatMap(unhandled => this.runOf(unhandled) ?? [])
  }

  /** Undefined if the response is sealed with a missing key; it is tried again when the lease has passed. */
  runOf(unhandled: UnhandledDelivery): HandlerRun | undefined {
    const { delivery, token, failures, attempt } = unhandled
    const { store, clock } = this.#context
    const told = this.#told(delivery, attempt)
    if (told === undefined) return undefined
    const { id, callback } = delivery
    const handler = delivery.state === 'delivered' ? 'onResponse' : 'onFailed'
    const name = `${handler} of callback "${callback}"`
    return {
      ...{ handler, name, failures, fields: { delivery: id } },
      call: told,
      end: againInMs => store.endHandlers({ handlers: [{ id, token, againInMs }], now: clock.now() }),
    }
  }

  /** The call of the handler. It does nothing if there is no handler, or if the response is no longer kept. */
  #told(delivery: StoredDelivery, attempt: UnhandledDelivery['attempt']): (() => unknown) | undefined {
    const { onResponse, onFailed } = this.#context
    const { state } = delivery
    const kept = attempt?.response
    if (state === 'failed' || state === 'blocked')
      return () => onFailed?.({ ...deliveryOf(delivery), state, status: kept?.status, error: attempt?.error })
    if (onResponse === undefined || kept === undefined) return () => {}
    const response = this.#open(kept, delivery.id)
    return response && (() => onResponse(responseOf(response, delivery), respondedOf(delivery)))
  }

  #open(kept: AttemptResponse, delivery: string): AttemptResponse | undefined {
    try {
      return openResponse(kept, this.#context.masterSecrets)
    } catch (error) {
      this.#context.log.error('A response cannot be opened, and onResponse waits until it can', { error, delivery })
      return undefined
    }
  }
}

function responseOf({ status, headers, body, bodyTruncated }: AttemptResponse, { responseValid }: StoredDelivery) {
  return { status, headers: JSON.parse(headers), body, bodyTruncated, valid: responseValid }
}

function respondedOf({ id, operation, callback, method, url, endpoint, owner }: StoredDelivery) {
  return { id, operation, callback, method, url, ...(endpoint !== undefined && { endpoint, owner }) }
}
