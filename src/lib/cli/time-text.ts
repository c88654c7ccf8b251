/** A time as this command line shows it: UTC, ISO 8601, to the second; `-` if there is none. */
export function timeText(timeMs: number | undefined): string {
  return timeMs === undefined ? '-' : `${new Date(timeMs).toISOString().slice(0, -5)}Z`
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const age = /^(\d+)([smhd])$/
const date = /^\d{4}-\d{2}-\d{2}$/
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/i

/**
 * Reads an ISO 8601 date or time, in UTC where it names no zone, or an age such as `90s`, `30m`, `2h`, `7d`. Epoch
 * milliseconds; undefined where it is neither.
 */
export function parseTime(text: string, now: number): number | undefined {
  const [, number, unit] = age.exec(text) ?? []
  if (number !== undefined && unit !== undefined) return validTime(now - Number(number) * (unitMs[unit] ?? 0))
  if (date.test(text)) return validTime(Date.parse(text))
  const [, , , zone] = dateTime.exec(text) ?? []
  if (!dateTime.test(text)) return undefined
  return validTime(Date.parse(zone === undefined ? `${text}Z` : text))
}

/** Those that ISO 8601 can write with four digits of a year, from the first moment of 0000 on. */
const validTime = (timeMs: number): number | undefined => (timeMs >= earliestMs ? timeMs : undefined)
const earliestMs = Date.parse('0000-01-01')
