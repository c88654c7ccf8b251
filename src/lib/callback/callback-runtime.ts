import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../clock.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { DestinationVerdict } from '../destination/verdict.ts'
import type { Log } from '../log/log.ts'
import type { Deliverer } from './deliverer.ts'
import type { AttachedCallbacks } from './find-attached.ts'
import type { KnownWebhooks } from './webhook/known-webhooks.ts'

/**
 * A callback whose URL needed a value that was missing, or a webhook whose owner has no endpoint that wants it, so that
 * nothing is sent. Tests ask for these.
 */
export interface SkippedCallback {
  /** Empty for a webhook. */
  readonly operation: string
  /** The name of the callback, or the event of the webhook. */
  readonly callback: string
  /** The expression without a value; empty for a webhook. */
  readonly expression: string
  /** Of a webhook; empty for everyone. */
  readonly owner?: string
}

/** The deliveries of the current request: restored callbacks join them. */
export type CurrentDeliveries = AsyncLocalStorage<Deliverer | undefined>

/** What callbacks need of the application: one object for all of its requests. */
export interface CallbackRuntime {
  /** Made at its first use: an application that sends nothing opens no store. */
  readonly engine: DeliveryEngine
  /** The dependency that is a transaction of the store's database; undefined where the store has none. */
  readonly transaction: unknown
  readonly clock: Clock
  readonly log: Log
  readonly current: CurrentDeliveries
  readonly operations: AttachedCallbacks
  readonly webhooks: KnownWebhooks
  /** The guard's verdict on a base URL, and so on every URL composed from it; cached for a moment. */
  judgeBase(base: string): DestinationVerdict
  /** Reports that something is sent without a recipient. */
  withoutRecipient(operationId: string): void
  onSkipped(skipped: SkippedCallback): void
}
