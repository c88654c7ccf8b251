const leastMs = 1_000
const mostMs = 24 * 3_600_000

/**
 * What a `Retry-After` header asks for (RFC 9110, section 10.2.3), in milliseconds from `now`: whole seconds or an HTTP
 * date, kept between one second and 24 hours. Undefined where there is none or it is neither.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : httpDate(text) - now
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, leastMs), mostMs)
}

/** `Date.parse` also takes forms that are no HTTP dates, such as "1": those have no name of a day in front. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN
}
