import { addEndpoint } from './add-endpoint.ts'
import { cancelMessage } from './cancel-message.ts'
import { cancelStale } from './cancel-stale.ts'
import { changeEndpoint } from './change-endpoint.ts'
import { continueFanouts } from './fanouts.ts'
import { findEndpoint, listEndpoints } from './find-endpoints.ts'
import { findMessage, listMessages } from './message-queries.ts'
import { claimNotices, endNotices } from './notices.ts'

/** Endpoints of webhooks, the messages that were sent to them, and what is still to be made of these. */
export const endpointOperations = {
  addEndpoint,
  findEndpoint,
  listEndpoints,
  changeEndpoint,
  cancelStale,
  continueFanouts,
  listMessages,
  findMessage,
  cancelMessage,
  claimNotices,
  endNotices,
}
