const leastMs = 1_000
const mostMs = 24 * 3_600_000
/** A larger number is a time, not a wait: nobody asks for a wait of thirty years, and some servers send Unix time. */
const leastUnixSeconds = 1_000_000_000
const leastUnixMs = leastUnixSeconds * 1000

/**
 * What a `Retry-After` header asks for (RFC 9110, section 10.2.3), in milliseconds from `now`: a number of seconds,
 * which may have a fraction, or an HTTP date. The result is limited to the range from one second to 24 hours; of
 * several values the longest counts. Undefined if there is no value, or if one of them is neither. Also takes what
 * servers send although it is not standard: Unix time and ISO 8601.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  // A repeated header is joined by a comma, and dates have one as well
  const asked = value.split(/,(?!\s*\d{1,2}[ -][a-z]{3})/i).map(text => askedMs(text.trim(), now))
  const longest = Math.max(...asked)
  return Number.isNaN(longest) ? undefined : Math.min(Math.max(longest, leastMs), mostMs)
}

function askedMs(text: string, now: number): number {
  if (!/^\d+(\.\d*)?$/.test(text)) return timeOf(text, now) - now
  const number = Number(text)
  if (number >= leastUnixMs) return number - now
  return number >= leastUnixSeconds ? number * 1000 - now : number * 1000
}

/** IMF-fixdate and RFC 850: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`. */
const dayFirst =
  /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? (\d{1,2})[ -]([a-z]{3})[ -](\d{2}|\d{4}) (\d{1,2}:\d\d:\d\d)(?: (?:GMT|UTC|Z|[+-]0000))?$/i
/** asctime: `Sun Nov  6 08:49:37 1994`. */
const monthFirst =
  /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? ([a-z]{3}) {1,2}(\d{1,2}) (\d{1,2}:\d\d:\d\d)(?: (?:GMT|UTC))? (\d{4})$/i
const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i

/** All three dates of HTTP (RFC 9110, section 5.6.7), which are in UTC whether or not they say so. */
function timeOf(text: string, now: number): number {
  const [, day, month, year, time] = text.match(dayFirst) ?? []
  if (year !== undefined) return Date.parse(`${day} ${month} ${fullYear(year, now)} ${time} GMT`)
  const [, ascMonth, ascDay, ascTime, ascYear] = text.match(monthFirst) ?? []
  if (ascYear !== undefined) return Date.parse(`${ascDay} ${ascMonth} ${ascYear} ${ascTime} GMT`)
  return iso8601.test(text) ? Date.parse(text) : Number.NaN
}

/** Of two digits: what would be more than 50 years ahead is past. */
function fullYear(year: string, now: number): number {
  if (year.length > 2) return Number(year)
  const thisYear = new Date(now).getUTCFullYear()
  const inThisCentury = thisYear - (thisYear % 100) + Number(year)
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury
}
