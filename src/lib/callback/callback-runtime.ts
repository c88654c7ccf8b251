import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../clock.ts'
import type { DeliveryEngine } from '../delivery/create-delivery.ts'
import type { DestinationVerdict } from '../destination/verdict.ts'
import type { Log } from '../log/log.ts'
import type { Deliverer } from './deliverer.ts'
import type { AttachedCallbacks } from './find-attached.ts'

/** A callback whose URL needed a value that was not there: nothing is sent. Tests ask for these. */
export interface SkippedCallback {
  readonly operation: string
  readonly callback: string
  /** The expression that had no value. */
  readonly expression: string
}

/** The deliveries of the request in which something is asked for: what is restored there joins them. */
export type CurrentDeliveries = AsyncLocalStorage<Deliverer | undefined>

/** What callbacks need of the application: one object for all of its requests. */
export interface CallbackRuntime {
  /** Made when it is first asked for: an application that sends nothing opens no store. */
  readonly engine: DeliveryEngine
  readonly clock: Clock
  readonly log: Log
  readonly current: CurrentDeliveries
  readonly operations: AttachedCallbacks
  /** What the guard says of a base URL, and so of every URL composed on it; remembered for a moment. */
  judgeBase(base: string): DestinationVerdict
  /** Tells that something is sent for nobody in particular. */
  withoutRecipient(operationId: string): void
  onSkipped(skipped: SkippedCallback): void
}
