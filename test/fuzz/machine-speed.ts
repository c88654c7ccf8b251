/** What the work below takes on the machine that the limit is meant for. */
const USUAL_CPU_MS = 160

/**
 * How many times as long as there this machine takes now, by processor time; 1 where it is faster. The same machine
 * takes half as long again on one day as on another, and a limit in milliseconds would find faults by the day.
 */
export function slowness(): number {
  const value = Object.fromEntries(Array.from({ length: 25_000 }, (_, index) => [`a${index}`, index]))
  const before = process.cpuUsage()
  for (let round = 0; round < 10; round++) JSON.parse(JSON.stringify(value))
  const { user, system } = process.cpuUsage(before)
  return Math.max(1, (user + system) / 1000 / USUAL_CPU_MS)
}
