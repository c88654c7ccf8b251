import type { DeliveryDetails } from '../../delivery/deliveries.ts'
import type { DeliveryState } from '../../delivery/delivery-state.ts'
import { describedSchema } from '../../schema/libraries/described-schema.ts'
import { DELIVERY_DETAILS, DELIVERY_PAGE, REPLAYED, STATE } from './delivery-schemas.ts'
import type { OfferedEvents } from './offered-events.ts'
import { notFound, type OwnerCall, pathId } from './owner-call.ts'
import { further, type OwnerRouter } from './owner-router.ts'
import { listQuery, type PagingQuery, TIME } from './schema-parts.ts'
import { shownDelivery, shownDeliveryDetails } from './shown-delivery.ts'
import { told } from './told.ts'

interface DeliveryQuery extends PagingQuery {
  readonly state?: DeliveryState
  readonly event?: string
  readonly since?: string
  readonly until?: string
}

/** The operations that show deliveries to endpoints. */
export function readDeliveries(router: OwnerRouter, events: OfferedEvents): void {
  listDeliveries(router, events)
  getDelivery(router)
}

function listDeliveries(router: OwnerRouter, events: OfferedEvents): void {
  const query = describedSchema<DeliveryQuery>(
    listQuery({ state: STATE, event: events.name, since: TIME, until: TIME }),
  )
  router.get(
    '/endpoints/{endpoint_id}/deliveries',
    {
      operationId: 'listEndpointDeliveries',
      summary: 'List the deliveries to an endpoint',
      query,
      response: DELIVERY_PAGE,
      responses: further(),
    },
    async ({ '~call': call, params, query }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      events.checkOne(query.event, call.webhooks, 'query')
      await told(() => call.endpoints.get(id, call.of), { in: 'path', names: [] })
      const { since, until, event, ...rest } = query
      const times = { ...(since && { since: Date.parse(since) }), ...(until && { until: Date.parse(until) }) }
      const cursors = call.cursorOf('deliveries', id)
      const filter = {
        ...{ ...rest, ...times, ...cursors.open(query.cursor), ...call.of, endpoint: id },
        ...(event !== undefined && { callback: event }),
      }
      const page = await call.deliveries.list(filter)
      return { items: page.items.map(shownDelivery), nextCursor: cursors.seal(page.nextCursor) }
    },
  )
}

function getDelivery(router: OwnerRouter): void {
  router.get(
    '/deliveries/{delivery_id}',
    {
      operationId: 'getWebhookDelivery',
      summary: 'Get a delivery with its attempts',
      response: DELIVERY_DETAILS,
      responses: further(),
    },
    async ({ '~call': call, params }) => shownDeliveryDetails(await ownDelivery(call, params.delivery_id)),
  )
}

/** The operation that sends a delivery again. */
export function replayDeliveries(router: OwnerRouter): void {
  router.post(
    '/deliveries/{delivery_id}/replay',
    {
      operationId: 'replayWebhookDelivery',
      summary: 'Send a delivery again',
      description: 'The same bytes with the same `webhook-id`, so that a receiver that had it can tell.',
      status: 202,
      response: REPLAYED,
      responses: further(
        '`endpoint-disabled`: enable it first; `already-waiting`: it is not settled yet; `payload-erased`: what was sent is not kept any more',
      ),
    },
    async ({ '~call': call, params }) => {
      const { id, webhookId } = await ownDelivery(call, params.delivery_id)
      await told(() => call.deliveries.replay(id), { in: 'path', names: [] })
      return { id, webhookId }
    },
  )
}

/** A delivery of this owner. Throws the 404 for any other. */
async function ownDelivery(call: OwnerCall, text: string): Promise<DeliveryDetails> {
  const delivery = await call.deliveries.get(pathId(text, 'delivery'))
  if (delivery?.owner !== call.of.owner) throw notFound('delivery')
  return delivery
}
