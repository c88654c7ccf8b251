import { systemClock } from '../../clock.ts'
import { createDestinations, type Destinations } from '../../delivery/destinations.ts'
import { CommandError } from '../command-error.ts'
import { withStore } from '../store/open-deliveries.ts'

/** Lets a command work on the destinations of a store; what it refuses is told as it is. */
export async function withDestinations<T>(
  path: string | undefined,
  work: (destinations: Destinations) => Promise<T>,
): Promise<T> {
  return withStore(path, async ({ store }) => {
    const destinations = createDestinations({ store, clock: systemClock, wake: () => {} }, undefined)
    return work(destinations).catch(toldOfRange)
  })
}

/** The values come from the command line: its user is to mend them. */
export function toldOfRange(error: unknown): never {
  throw error instanceof RangeError ? new CommandError(error.message) : error
}
