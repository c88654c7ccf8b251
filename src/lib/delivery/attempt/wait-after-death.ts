const second = 1_000
const minute = 60 * second

/** The last wait is repeated. */
const waitsMs = [0, 10 * second, minute, 5 * minute, 30 * minute]
const deathsToFail = 10

/**
 * How long a delivery waits after so many of its workers in a row have died; undefined if it has failed. Such a death
 * need not be the delivery's fault: a restart, or a lack of memory, kills everything that happens to be running. But a
 * delivery that does kill its workers must not do so for ever.
 */
export function waitAfterDeathMs(deaths: number): number | undefined {
  return deaths >= deathsToFail ? undefined : waitsMs[Math.min(deaths, waitsMs.length) - 1]
}
