import type { DeliveryStore } from 'ringback/delivery'

/** A store whose leases outlast the time limit of an attempt by a moment only: nobody waits long for who was killed. */
export function withShortMargin(store: DeliveryStore, leaseMarginMs = 100): DeliveryStore {
  return { ...store, claim: request => store.claim({ ...request, leaseMarginMs }) }
}
