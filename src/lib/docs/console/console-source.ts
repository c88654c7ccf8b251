import type { Clock } from '../../clock.ts'
import type { Deliveries } from '../../delivery/deliveries.ts'
import type { Destinations } from '../../delivery/destinations.ts'

/** What the console shows, and what it acts upon. */
export interface ConsoleSource {
  readonly title: string
  readonly version: string
  readonly deliveries: Deliveries
  readonly destinations: Destinations
  readonly clock: Clock
  /** The operations that send, each with the names of its callbacks. */
  operations(): readonly SendingOperation[]
  /** What the code declares for a callback; undefined where it no longer has it. */
  declared(operation: string, callback: string): DeclaredCallback | undefined
  /** Where the store is, for people to read. */
  location(): string | undefined
}

/** An operation as deliveries name it. */
export interface SendingOperation {
  readonly operation: string
  readonly callbacks: readonly string[]
}

/** See {@link ConsoleSource.declared}. */
export interface DeclaredCallback {
  readonly timeoutMs: number
  /** The statuses that are declared. */
  readonly statuses: readonly string[]
}
