import type { Connection } from '../connection.ts'
import type { Counts } from '../counts.ts'
import type { Messages } from '../messages.ts'
import type { Places } from '../place.ts'
import type { Queue } from '../queue.ts'
import { hasMessage } from '../remove.ts'
import type { SendAgain } from '../send-again.ts'
import { createCancelStale } from './cancel-stale.ts'
import { createTellEndpoint } from './endpoint-attempts.ts'
import { createEndpointPlaces } from './endpoint-places.ts'
import { createEndpoints } from './endpoints.ts'
import { createFanouts } from './fanouts.ts'
import { createMessageQueries, type MessageQueryParts } from './message-queries.ts'
import { createNotices } from './notices.ts'
import { createRecoveries } from './recoveries.ts'
import { createMakeDelivery } from './webhook-deliveries.ts'
import { createWebhookMessages } from './webhook-messages.ts'

/** What webhooks are made with. */
export interface WebhookParts {
  readonly places: Places
  readonly messages: Messages
  readonly queue: Queue
  readonly counts: Counts
  readonly sendAgain: SendAgain
}

/** Everything that this store does for webhooks. */
export function createWebhooks(database: Connection, parts: WebhookParts) {
  const { places, messages } = parts
  const endpointPlaces = createEndpointPlaces(database, places)
  const recoveries = createRecoveries(database)
  const fanouts = createFanouts(database, {
    makeDelivery: createMakeDelivery(database, parts),
    recoveries,
    sendAgain(row, now) {
      if (!hasMessage(row)) return false
      parts.sendAgain(row, now)
      return true
    },
  })
  return {
    tellEndpoint: createTellEndpoint(database, { endpointPlaces, recoveries }),
    webhookMessages: createWebhookMessages(database, messages, fanouts),
    operations: (others: Omit<MessageQueryParts, 'fanouts'>) => ({
      ...createEndpoints(database, endpointPlaces, recoveries),
      cancelStale: createCancelStale(database, places, others.settle),
      continueFanouts: fanouts.continueFanouts,
      ...createMessageQueries(database, { fanouts, ...others }),
      ...createNotices(database),
    }),
  }
}
