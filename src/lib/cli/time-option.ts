import { InvalidArgumentError } from 'commander'
import { parseTime } from './time-text.ts'

/** The value of an option that is a time, or an age such as `2h`: epoch milliseconds. */
export function parsedTime(text: string): number {
  const timeMs = parseTime(text, Date.now())
  if (timeMs === undefined) throw new InvalidArgumentError('Give an ISO 8601 time or an age such as 2h.')
  return timeMs
}
