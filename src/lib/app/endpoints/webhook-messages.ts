import type { WebhookMessage } from '../../delivery/endpoints/messages.ts'
import { describedSchema } from '../../schema/libraries/described-schema.ts'
import { MESSAGE_DETAILS, MESSAGE_PAGE, type ShownMessage } from './message-schemas.ts'
import type { OfferedEvents } from './offered-events.ts'
import { notFound, pathId } from './owner-call.ts'
import { further, type OwnerRouter } from './owner-router.ts'
import { listQuery, type PagingQuery, TIME } from './schema-parts.ts'
import { shownText } from './shown-delivery.ts'
import { shownTime } from './shown-endpoint.ts'

interface MessageQuery extends PagingQuery {
  readonly event?: string
  readonly since?: string
  readonly until?: string
}

/** The operations that show what was sent to an owner, delivered or not: a receiver compares with it what it has. */
export function readMessages(router: OwnerRouter, events: OfferedEvents): void {
  listMessages(router, events)
  getMessage(router, events)
}

function listMessages(router: OwnerRouter, events: OfferedEvents): void {
  const query = describedSchema<MessageQuery>(listQuery({ event: events.name, since: TIME, until: TIME }))
  router.get(
    '/messages',
    {
      operationId: 'listWebhookMessages',
      summary: 'List what was sent to you',
      description: 'Delivered or not, so that a receiver can compare it with what it has.',
      query,
      response: MESSAGE_PAGE,
    },
    async ({ '~call': call, query }) => {
      events.checkOne(query.event, call.webhooks, 'query')
      const { since, until, ...rest } = query
      const times = { ...(since && { since: new Date(since) }), ...(until && { until: new Date(until) }) }
      const cursors = call.cursorOf('messages')
      const offered = events.of(call.webhooks).map(({ name }) => name)
      const filter = { events: offered, ...rest, ...times, ...cursors.open(query.cursor), ...call.of }
      const { items, nextCursor } = await call.messages.list(filter)
      return { items: items.map(shownMessage), nextCursor: cursors.seal(nextCursor) }
    },
  )
}

function getMessage(router: OwnerRouter, events: OfferedEvents): void {
  router.get(
    '/messages/{message_id}',
    {
      operationId: 'getWebhookMessage',
      summary: 'Get a message with its body',
      response: MESSAGE_DETAILS,
      responses: further(),
    },
    async ({ '~call': call, params }) => {
      const message = await call.messages.get(pathId(params.message_id, 'message'), call.of)
      const isOffered = events.of(call.webhooks).some(({ name }) => name === message?.event)
      if (message === undefined || !isOffered) throw notFound('message')
      return { ...shownMessage(message), body: shownText(message.body) }
    },
  )
}

function shownMessage(message: WebhookMessage): ShownMessage {
  const { id, event, channels, timestamp, createdAt, expanded, deliveries } = message
  return { id, event, channels, timestamp: shownTime(timestamp), createdAt: shownTime(createdAt), expanded, deliveries }
}
