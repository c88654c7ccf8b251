import { describedSchema } from '../../schema/libraries/described-schema.ts'
import { ENDPOINT, ENDPOINT_PAGE } from './endpoint-schemas.ts'
import type { OfferedEvents } from './offered-events.ts'
import { pathId } from './owner-call.ts'
import { further, type OwnerRouter } from './owner-router.ts'
import { listQuery, type PagingQuery } from './schema-parts.ts'
import { shownEndpoint } from './shown-endpoint.ts'
import { told } from './told.ts'

interface EndpointQuery extends PagingQuery {
  readonly status?: 'enabled' | 'disabled'
  readonly event?: string
  readonly failing?: boolean
}

/** The operations that show endpoints. */
export function readEndpoints(router: OwnerRouter, events: OfferedEvents): void {
  listEndpoints(router, events)
  getEndpoint(router)
}

function listEndpoints(router: OwnerRouter, events: OfferedEvents): void {
  const query = describedSchema<EndpointQuery>(
    listQuery({
      status: { type: 'string', enum: ['enabled', 'disabled'] },
      event: events.name,
      failing: { type: 'boolean', description: 'Whether its last attempt failed' },
    }),
  )
  router.get(
    '/endpoints',
    { operationId: 'listEndpoints', summary: 'List the endpoints', query, response: ENDPOINT_PAGE },
    async ({ '~call': call, query }) => {
      events.checkOne(query.event, call.webhooks, 'query')
      const cursors = call.cursorOf('endpoints')
      const { items, nextCursor } = await call.endpoints.list({ ...query, ...cursors.open(query.cursor), ...call.of })
      return { items: items.map(shownEndpoint), nextCursor: cursors.seal(nextCursor) }
    },
  )
}

function getEndpoint(router: OwnerRouter): void {
  router.get(
    '/endpoints/{endpoint_id}',
    { operationId: 'getEndpoint', summary: 'Get an endpoint', response: ENDPOINT, responses: further() },
    async ({ '~call': call, params }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      return shownEndpoint(await told(() => call.endpoints.get(id, call.of), { in: 'path', names: [] }))
    },
  )
}
