import type { Clock } from '../clock.ts'
import type { DeliveryEngine } from '../delivery/create-delivery.ts'
import type { DestinationVerdict } from '../destination/verdict.ts'
import type { Log } from '../log/log.ts'

/** A callback whose URL needed a value that was not there: nothing is sent. Tests ask for these. */
export interface SkippedCallback {
  readonly operation: string
  readonly callback: string
  /** The expression that had no value. */
  readonly expression: string
}

/** What callbacks need of the application. */
export interface CallbackRuntime {
  readonly engine: DeliveryEngine
  readonly clock: Clock
  readonly log: Log
  /** What the guard says of a base URL, and so of every URL composed on it; remembered for a moment. */
  judgeBase(base: string): DestinationVerdict
  /** Tells that something is sent for nobody in particular. */
  withoutRecipient(operationId: string): void
  onSkipped(skipped: SkippedCallback): void
}
