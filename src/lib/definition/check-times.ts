import { quoted } from './quoted.ts'

/** The last time that a `Date` can hold, and its first with a minus. */
const lastMs = 8.64e15
/** Whatever the time is now, it leads to one that a `Date` can hold. */
const longestDelayMs = lastMs / 2
/** About 31 years. */
const longestWaitSeconds = 1e9
/** What a timer of Node can wait for. */
const longestTimeoutMs = 2 ** 31 - 1

/** The time to send at, in whole milliseconds; throws for what is not a time, which would otherwise be sent at once. */
export function checkedDueAt(ms: number): number {
  if (!(Math.abs(ms) <= lastMs))
    throw new RangeError(`The time to send at is ${ms}, which is beyond what a Date can hold`)
  return Math.round(ms)
}

/** A wait before sending, in whole milliseconds. */
export function checkedDelayMs(ms: number): number {
  if (!(ms >= 0)) throw new RangeError(`The wait before sending is ${ms} ms; give 0 or more`)
  if (ms > longestDelayMs)
    throw new RangeError(`The wait before sending is ${ms} ms, which leads beyond what a Date can hold`)
  return Math.round(ms)
}

/** When a delivery expires, in whole milliseconds; throws for a time before which nothing could be sent. */
export function checkedExpiresAt(ms: number, firstAttemptAt: number): number {
  if (!(Math.abs(ms) <= lastMs)) throw new RangeError(`"expiresAt" is ${quoted(ms)}, which is not a time`)
  if (ms <= firstAttemptAt)
    throw new RangeError(
      `"expiresAt" is ${new Date(ms).toISOString()}, and nothing is sent before ${new Date(firstAttemptAt).toISOString()}; give a later time`,
    )
  return Math.floor(ms)
}

/** The time limit of an attempt, in whole milliseconds. */
export function checkedTimeoutMs(ms: number): number {
  if (!(typeof ms === 'number' && ms > 0 && ms <= longestTimeoutMs))
    throw new RangeError(`"timeoutMs" is ${quoted(ms)}; give a number above 0, at most ${longestTimeoutMs}`)
  return Math.ceil(ms)
}

/** Each delivery keeps its list. */
const mostWaits = 1_000

/** One definition's waits are the same list at every `send`. */
const known = new WeakSet<readonly number[]>()

/** Throws for waits that could not be kept. */
export function checkRetryDelays(delaysSeconds: readonly number[]): void {
  if (!Array.isArray(delaysSeconds))
    throw new RangeError(`"retryDelaysSeconds" is ${quoted(delaysSeconds)}, not a list; give one, such as [0, 5, 300]`)
  if (known.has(delaysSeconds)) return
  if (delaysSeconds.length === 0)
    throw new RangeError(
      '"retryDelaysSeconds" is empty; give [0] for one attempt, and one more wait for each further attempt',
    )
  if (delaysSeconds.length > mostWaits)
    throw new RangeError(`"retryDelaysSeconds" holds ${delaysSeconds.length} waits; give at most ${mostWaits}`)
  const wrong = delaysSeconds.findIndex(
    seconds => !(typeof seconds === 'number' && seconds >= 0 && seconds <= longestWaitSeconds),
  )
  if (wrong >= 0)
    throw new RangeError(
      `"retryDelaysSeconds" holds ${quoted(delaysSeconds[wrong])}; give seconds from 0 to ${longestWaitSeconds}`,
    )
  known.add(delaysSeconds)
}
