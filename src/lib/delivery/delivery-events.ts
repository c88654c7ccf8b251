import { unknownNameText } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import type { Log } from '../log/log.ts'
import type { AttemptOutcome, DeliveryState, SettledReason } from './delivery-state.ts'
import type { DisabledReason } from './endpoints/endpoint.ts'

/** What every event says about its delivery. The query of `url` is masked. */
export interface DeliveryEvent {
  readonly id: string
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
}

/** What happened to an endpoint. */
export interface EndpointEvent {
  /** Its id. */
  readonly endpoint: string
  readonly owner: string
  readonly reason: DisabledReason | null
}

/** What listeners get, by the name of the event. Times are epoch milliseconds; queries of URLs are masked. */
export interface DeliveryEvents {
  /** A delivery was stored. */
  'delivery.created': DeliveryEvent
  /** A worker is about to send. */
  'attempt.started': DeliveryEvent & { readonly number: number }
  /** An attempt ended and was recorded. */
  'attempt.finished': DeliveryEvent & {
    readonly number: number
    readonly outcome: AttemptOutcome
    readonly status: number | undefined
    readonly durationMs: number
  }
  /** Nothing more happens to the delivery by itself. `status` is that of the last response. */
  'delivery.settled': DeliveryEvent & {
    readonly state: DeliveryState
    readonly attemptCount: number
    readonly status: number | undefined
    readonly responseValid: boolean | undefined
    /** Undefined if the attempts show the reason. */
    readonly reason: SettledReason | undefined
  }
  /** The circuit breaker of a destination opened: only probes go there. */
  'destination.opened': { readonly destination: string }
  /** The destination accepts messages again. */
  'destination.closed': { readonly destination: string }
  /** An endpoint of webhooks fails, was disabled, or has recovered. */
  'endpoint.failing': EndpointEvent
  'endpoint.disabled': EndpointEvent
  'endpoint.recovered': EndpointEvent
  /** The worker met an error that is not a receiver's: the store is unavailable, or a listener threw. */
  'worker.error': { readonly error: unknown }
}

/** Called with every event of one name. What it throws or rejects with is logged, and has no other effect. */
export type DeliveryListener<Name extends keyof DeliveryEvents> = (event: DeliveryEvents[Name]) => unknown

/** Registers listeners and calls them. */
export interface DeliveryEmitter {
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
  emit<Name extends keyof DeliveryEvents>(name: Name, event: DeliveryEvents[Name]): void
  /** Whether anybody listens. If nobody does, a costly event need not be made. */
  has(name: keyof DeliveryEvents): boolean
}

type Listeners = { readonly [Name in keyof DeliveryEvents]: Set<DeliveryListener<Name>> }

const EVENT_NAMES: Readonly<Record<keyof DeliveryEvents, true>> = {
  'delivery.created': true,
  'attempt.started': true,
  'attempt.finished': true,
  'delivery.settled': true,
  'destination.opened': true,
  'destination.closed': true,
  'endpoint.failing': true,
  'endpoint.disabled': true,
  'endpoint.recovered': true,
  'worker.error': true,
}

/** Refuses the name of an event that does not exist, and a listener that is not a function. */
export function checkListener(name: string, listener: unknown): void {
  if (!Object.hasOwn(EVENT_NAMES, name))
    throw new DefinitionError(unknownNameText(String(name), EVENT_NAMES, 'the events of deliveries'))
  if (typeof listener !== 'function')
    throw new DefinitionError(`"on" got ${quoted(listener)} for "${name}", which is not a function: pass a listener`)
}

export function createEmitter(log: Log): DeliveryEmitter {
  const listeners: Listeners = {
    'delivery.created': new Set(),
    'attempt.started': new Set(),
    'attempt.finished': new Set(),
    'delivery.settled': new Set(),
    'destination.opened': new Set(),
    'destination.closed': new Set(),
    'endpoint.failing': new Set(),
    'endpoint.disabled': new Set(),
    'endpoint.recovered': new Set(),
    'worker.error': new Set(),
  }
  const failed = (name: string) => (error: unknown) => log.error(`A listener of "${name}" failed`, { error })
  return {
    on(name, listener) {
      checkListener(name, listener)
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
    emit(name, event) {
      for (const listener of listeners[name]) {
        try {
          Promise.resolve(listener(event)).catch(failed(name))
        } catch (error) {
          failed(name)(error)
        }
      }
    },
    has: name => listeners[name].size > 0,
  }
}
