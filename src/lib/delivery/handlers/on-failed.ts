import type { Delivery } from '../deliveries.ts'

/** A delivery that failed or is blocked, as lists show it, and what its last attempt brought. */
export interface FailedDelivery extends Delivery {
  readonly state: 'failed' | 'blocked'
  /** The status of the last attempt; undefined where no response came. */
  readonly status: number | undefined
  /** One sentence on why no response came; undefined where one came, or its worker died. */
  readonly error: string | undefined
}

/** Called with each delivery that failed or is blocked, at least once, apart from the attempt. */
export type OnFailed = (delivery: FailedDelivery) => void | Promise<void>
