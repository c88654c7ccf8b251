import { quoted } from './quoted.ts'

/** The statuses that end a delivery where nothing else is said: what was there is gone. */
export const defaultFinalStatuses: readonly number[] = Object.freeze([410])

/** The statuses of HTTP with which a response can refuse what was sent (RFC 9110, section 15). */
const [least, most] = [300, 599]

/** One definition's statuses are the same list at every `send`. */
const known = new WeakSet<readonly number[]>()

/** Throws for statuses that could not end a delivery. */
export function checkFinalStatuses(statuses: readonly number[]): void {
  if (!Array.isArray(statuses))
    throw new RangeError(`"finalStatuses" is ${quoted(statuses)}, not a list; give one, such as [400, 410]`)
  if (known.has(statuses)) return
  const wrong = statuses.findIndex(status => !(Number.isInteger(status) && status >= least && status <= most))
  if (wrong >= 0) throw new RangeError(complaint(statuses[wrong]))
  if (new Set(statuses).size < statuses.length)
    throw new RangeError('"finalStatuses" names a status twice; name each of them once')
  known.add(statuses)
}

function complaint(status: unknown): string {
  const text = `"finalStatuses" holds ${quoted(status)}`
  if (Number.isInteger(status) && Math.trunc((status as number) / 100) === 2)
    return `${text}, but a 2xx means that the receiver has the delivery; give statuses from ${least} to ${most}`
  return `${text}, which is not a status that ends a delivery; give whole numbers from ${least} to ${most}, such as 410`
}
