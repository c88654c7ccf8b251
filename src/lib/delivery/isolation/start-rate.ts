/** The range of `ratePerSecond`. The least rate is one start in about a quarter of an hour. */
const ratesPerSecond = Object.freeze({ least: 0.001, most: 10_000 })

/** More claims per second than this are not worth their cost, so a fast destination starts several attempts at once. */
const claimsPerSecond = 20

/** How many attempts may start at the same time. */
export function startsAtOnce(ratePerSecond: number): number {
  return Math.max(Math.floor(ratePerSecond / claimsPerSecond), 1)
}

/**
 * How long nothing else may start after `starts` attempts have. With this rest, no period of one second has more starts
 * than `ratePerSecond`, wherever it begins: it also leaves room for a whole group of starts at the end of the period.
 */
export function restMs(ratePerSecond: number, starts: number): number {
  return Math.ceil((starts * 1000) / (ratePerSecond - startsAtOnce(ratePerSecond) + 1))
}

export function isRatePerSecond(rate: unknown): rate is number {
  return typeof rate === 'number' && rate >= ratesPerSecond.least && rate <= ratesPerSecond.most
}

/** What a rate must be, for the message about an invalid one. */
export const rateText = `give a number from ${ratesPerSecond.least} to ${ratesPerSecond.most.toLocaleString('en')}`
