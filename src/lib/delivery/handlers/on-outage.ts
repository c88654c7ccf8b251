/** A destination that has had no 2xx for long while something waited for it, or that has recovered. */
export interface Outage {
  /** The base URL that the receiver gave; its query is masked. */
  readonly url: string
  /** The tenant for whom is sent there; undefined where none was named. */
  readonly recipient: string | undefined
  /** Whether it began, or a 2xx has ended it. */
  readonly state: 'began' | 'ended'
  /** When the first attempt after the last 2xx failed: epoch milliseconds. */
  readonly since: number
  /** When the 2xx came: epoch milliseconds; undefined where it began. */
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
