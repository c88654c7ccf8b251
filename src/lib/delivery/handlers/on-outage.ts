/** A destination that has had no 2xx for a long time while something waited for it, or that has recovered. */
export interface Outage {
  /** The base URL that the receiver gave; its query is masked. */
  readonly url: string
  /** The tenant whose messages go there; undefined if none was named. */
  readonly recipient: string | undefined
  /** Whether the outage began, or was ended by a 2xx. */
  readonly state: 'began' | 'ended'
  /** When the first attempt after the last 2xx failed: epoch milliseconds. */
  readonly since: number
  /** When the 2xx came, in epoch milliseconds; undefined if the outage has just begun. */
  readonly endedAt: number | undefined
}

/**
 * Called when an outage has begun and when it has ended, each at least once, by one of all workers.
 *
 * @example
 * ```ts
 * import type { OnOutage } from 'ringback/delivery'
 *
 * export const onOutage: OnOutage = ({ url, recipient, state, since }) => {
 *   console.log(`${recipient ?? url}: outage ${state}, no 2xx since ${new Date(since).toISOString()}`)
 * }
 * ```
 */
export type OnOutage = (destination: Outage) => void | Promise<void>
