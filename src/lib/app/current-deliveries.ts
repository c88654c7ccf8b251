import type { Deliveries } from '../delivery/deliveries.ts'

/**
 * The deliveries of whatever engine is in use when they are asked: who took them out of an application before a test
 * began must not reach the real store from the test.
 */
export function currentDeliveries(current: () => Deliveries): Deliveries {
  return Object.freeze<Deliveries>({
    list: async options => current().list(options),
    get: async id => current().get(id),
    replay: async (id, options) => current().replay(id, options),
    replayAll: async filter => current().replayAll(filter),
    cancel: async id => current().cancel(id),
    erase: async filter => current().erase(filter),
    counts: async () => current().counts(),
  })
}
