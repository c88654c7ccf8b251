import type { Delivery } from '../deliveries.ts'

/** A delivery that failed or is blocked, as lists show it, and the result of its last attempt. */
export interface FailedDelivery extends Delivery {
  readonly state: 'failed' | 'blocked'
  /** The status of the last attempt; undefined if no response came. */
  readonly status: number | undefined
  /** One sentence that says why no response came; undefined if one came, or if its worker died. */
  readonly error: string | undefined
}

/** Called with each delivery that failed or is blocked, at least once, apart from the attempt. */
export type OnFailed = (delivery: FailedDelivery) => void | Promise<void>
