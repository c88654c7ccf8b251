const second = 1_000
const minute = 60 * second

/** The last one is repeated. */
const waitsMs = [0, 10 * second, minute, 5 * minute, 30 * minute]
const deathsToFail = 10

/**
 * How long a delivery waits after so many of its workers in a row died; undefined where it has failed. A death is no
 * verdict: whoever starts a process anew, or runs out of memory, kills everything that only happened to be on its way. But
 * one that does kill its workers must not do so for ever.
 */
export function waitAfterDeathMs(deaths: number): number | undefined {
  return deaths >= deathsToFail ? undefined : waitsMs[Math.min(deaths, waitsMs.length) - 1]
}
