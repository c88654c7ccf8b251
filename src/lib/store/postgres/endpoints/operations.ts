import type { EndpointStore } from '../../../delivery/endpoints/endpoint-store.ts'

const notYet = async (): Promise<never> => {
  throw new Error('Not yet')
}

/** Endpoints of webhooks, the messages that were sent to them, and what is still to be made of these. */
export const endpointOperations: Readonly<Record<keyof EndpointStore, () => Promise<never>>> = {
  addEndpoint: notYet,
  findEndpoint: notYet,
  listEndpoints: notYet,
  changeEndpoint: notYet,
  cancelStale: notYet,
  continueFanouts: notYet,
  listMessages: notYet,
  findMessage: notYet,
  cancelMessage: notYet,
  claimNotices: notYet,
  endNotices: notYet,
}
