import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { once } from '../once.ts'

type Operation = Exclude<keyof DeliveryStore, 'location' | 'close' | 'watch'>

const operations: Readonly<Record<Operation, true>> = {
  useKeys: true,
  add: true,
  makeDue: true,
  takeBack: true,
  find: true,
  claim: true,
  endAttempts: true,
  release: true,
  claimHandlers: true,
  endHandlers: true,
  claimOutages: true,
  endOutages: true,
  list: true,
  get: true,
  counts: true,
  replay: true,
  stats: true,
  startReplay: true,
  continueReplays: true,
  getReplay: true,
  sendNow: true,
  cancel: true,
  erase: true,
  purge: true,
  wipe: true,
  destinations: true,
  changeDestinations: true,
  pauseSending: true,
  sendingPause: true,
  secretVersions: true,
  rotateSecret: true,
  addEndpoint: true,
  findEndpoint: true,
  listEndpoints: true,
  changeEndpoint: true,
  cancelStale: true,
  continueFanouts: true,
  listMessages: true,
  findMessage: true,
  cancelMessage: true,
  claimNotices: true,
  endNotices: true,
}

/** A store that is made at its first use. */
export function lateStore(location: string, make: () => Promise<DeliveryStore>): DeliveryStore {
  let isMade = false
  const store = once(() => {
    isMade = true
    return make()
  })
  const later = Object.keys(operations).map(name => [
    name,
    async (request: never) => ((await store())[name as Operation] as (request: never) => unknown)(request),
  ])
  return {
    ...(Object.fromEntries(later) as Pick<DeliveryStore, Operation>),
    location,
    async close(options) {
      if (isMade) await (await store()).close(options)
    },
  }
}
