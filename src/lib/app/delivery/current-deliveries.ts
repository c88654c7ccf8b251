import type { Deliveries } from '../../delivery/deliveries.ts'
import type { Destinations } from '../../delivery/destinations.ts'

/**
 * Asks whatever engine is in use at that time: deliveries that were taken from an application before a test began must
 * not lead the test to the real store.
 */
export function currentDeliveries(current: () => Deliveries): Deliveries {
  return Object.freeze<Deliveries>({
    list: async options => current().list(options),
    get: async id => current().get(id),
    replay: async (id, options) => current().replay(id, options),
    replayAll: async (filter, options) => current().replayAll(filter, options),
    replays: Object.freeze({ get: async (id: string) => current().replays.get(id) }),
    sendNow: async id => current().sendNow(id),
    cancel: async id => current().cancel(id),
    erase: async (filter, options) => current().erase(filter, options),
    counts: async () => current().counts(),
    pause: async pause => current().pause(pause),
    resume: async () => current().resume(),
    paused: async () => current().paused(),
    stats: async () => current().stats(),
  })
}

/** The same for destinations. */
export function currentDestinations(current: () => Destinations): Destinations {
  return Object.freeze<Destinations>({
    list: async options => current().list(options),
    pause: async (url, pause) => current().pause(url, pause),
    resume: async (url, of) => current().resume(url, of),
    update: async (url, options) => current().update(url, options),
  })
}
