/**
 * How long after the end of one attempt the next one begins, in seconds. The first number is the wait before the first
 * attempt. This is the schedule that Standard Webhooks 1.0.0 recommends: ten attempts over about three days.
 *
 * @example
 * ```ts
 * import { defaultRetryDelaysSeconds } from 'ringback/delivery'
 *
 * const hours = defaultRetryDelaysSeconds.reduce((sum, seconds) => sum + seconds, 0) / 3600
 * console.log(`${defaultRetryDelaysSeconds.length} attempts in ${hours.toFixed(1)} hours`) // 10 attempts in 75.6 hours
 * ```
 */
export const defaultRetryDelaysSeconds: readonly number[] = Object.freeze([
  0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
])

/** The time limit of an attempt if none is given. */
export const defaultTimeoutMs = 15_000

const jitter = 0.1

/**
 * The wait before the attempt that follows `retriesUsed` others, in milliseconds; undefined if the schedule has ended.
 * Up to a tenth is added at random, so that deliveries that failed together do not come back together.
 */
export function retryDelayMs(
  delaysSeconds: readonly number[],
  retriesUsed: number,
  random: () => number,
): number | undefined {
  const seconds = delaysSeconds[retriesUsed]
  return seconds === undefined ? undefined : Math.round(seconds * 1000 * (1 + jitter * random()))
}
