/** What `ratePerSecond` may be: from one start in about a quarter of an hour on. */
const ratesPerSecond = Object.freeze({ least: 0.001, most: 10_000 })

/** More claims in a second than this are not worth their cost: a fast destination starts several at once. */
const claimsPerSecond = 20

/** How many attempts may start at the same time. */
export function startsAtOnce(ratePerSecond: number): number {
  return Math.max(Math.floor(ratePerSecond / claimsPerSecond), 1)
}

/**
 * How long no other attempt may start after so many have: with it no second, wherever it begins, has more starts than
 * `ratePerSecond`. Those at its end that start together count in full, so that the others get so much less.
 */
export function restMs(ratePerSecond: number, starts: number): number {
  return Math.ceil((starts * 1000) / (ratePerSecond - startsAtOnce(ratePerSecond) + 1))
}

export function isRatePerSecond(rate: unknown): rate is number {
  return typeof rate === 'number' && rate >= ratesPerSecond.least && rate <= ratesPerSecond.most
}

/** What a rate has to be, for whoever gave another one. */
export const rateText = `give a number from ${ratesPerSecond.least} to ${ratesPerSecond.most.toLocaleString('en')}`
