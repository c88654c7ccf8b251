import { describedSchema } from '../../schema/libraries/described-schema.ts'
import { type ChangeInput, changeInput, createInput, IDEMPOTENCY } from './endpoint-inputs.ts'
import type { EndpointField } from './endpoint-routes-options.ts'
import { ENDPOINT, ENDPOINT_WITH_SECRET } from './endpoint-schemas.ts'
import type { OfferedEvents } from './offered-events.ts'
import { type OwnerCall, pathId } from './owner-call.ts'
import { further, type OwnerRouter } from './owner-router.ts'
import { shownEndpoint, shownWithSecret } from './shown-endpoint.ts'
import { told } from './told.ts'

const INPUT = {
  in: 'body',
  names: ['url', 'events', 'description', 'channels', 'metadata', 'headers', 'ratePerSecond'],
} as const

const CONFLICTS =
  '`endpoint-limit`: there are as many as may be; `idempotency-key-reused`: the key was used for another body, or the secret has been rotated since'

const LOCATION = describedSchema<{ readonly location: string }>({
  type: 'object',
  properties: { location: { type: 'string', format: 'uri-reference', description: 'Where the endpoint is' } },
  required: ['location'],
})

/** The operations that register, change and delete endpoints. */
export function writeEndpoints(router: OwnerRouter, events: OfferedEvents, fields: readonly EndpointField[]): void {
  createEndpoint(router, events, fields)
  updateEndpoint(router, events, fields)
  deleteEndpoint(router)
}

function createEndpoint(router: OwnerRouter, events: OfferedEvents, fields: readonly EndpointField[]): void {
  const body = createInput(events, fields)
  router.post(
    '/endpoints',
    {
      operationId: 'createEndpoint',
      summary: 'Register an endpoint',
      description: 'Its response has the secret that signs its webhooks, which is not shown again.',
      headers: IDEMPOTENCY,
      body,
      status: 201,
      response: ENDPOINT_WITH_SECRET,
      responseHeaders: LOCATION,
      responses: { 409: { description: CONFLICTS } },
    },
    async ({ '~call': call, body, headers, respond }) => {
      events.check(body.events, call.webhooks)
      const idempotencyKey = headers['idempotency-key']
      const created = await told(
        () => call.endpoints.create({ ...body, ...call.of, ...(idempotencyKey !== undefined && { idempotencyKey }) }),
        INPUT,
      )
      const location = call.pathBelow(created.id)
      return respond(201, shownWithSecret(created), { headers: { location, 'cache-control': 'no-store' } })
    },
  )
}

function updateEndpoint(router: OwnerRouter, events: OfferedEvents, fields: readonly EndpointField[]): void {
  const body = changeInput(events, fields)
  router.patch(
    '/endpoints/{endpoint_id}',
    {
      operationId: 'updateEndpoint',
      summary: 'Change an endpoint',
      description:
        'What is not sent stays as it is; `metadata` and `headers` are merged by name. Either all of it changes, or nothing.',
      body,
      response: ENDPOINT,
      responses: further(),
    },
    async ({ '~call': call, params, body }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      await checkEvents(events, call, id, body)
      return shownEndpoint(await told(() => call.endpoints.update(id, body, call.of), INPUT))
    },
  )
}

function deleteEndpoint(router: OwnerRouter): void {
  router.delete(
    '/endpoints/{endpoint_id}',
    {
      operationId: 'deleteEndpoint',
      summary: 'Delete an endpoint',
      description: 'What waits for it is cancelled.',
      status: 204,
      responseDescription: 'It is deleted',
      responses: further(),
    },
    async ({ '~call': call, params }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      await told(() => call.endpoints.delete(id, call.of), { in: 'path', names: [] })
    },
  )
}

/** An endpoint may keep an event that is no longer offered, so that a client can send back what it has read. */
async function checkEvents(events: OfferedEvents, call: OwnerCall, id: string, change: ChangeInput): Promise<void> {
  const { events: chosen = [] } = change
  const offered = new Set(events.of(call.webhooks).map(({ name }) => name))
  if (chosen.every(name => offered.has(name) || (name === '*' && events.allowsAll))) return
  const known = await told(() => call.endpoints.get(id, call.of), { in: 'path', names: [] })
  events.check(chosen, call.webhooks, new Set(known.events))
}
