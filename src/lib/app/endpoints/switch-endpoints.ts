import { EndpointDisabledError } from '../../delivery/endpoints/errors/endpoint-disabled-error.ts'
import { HttpError } from '../../http/http-error.ts'
import { ENABLE, IDEMPOTENCY, ROTATE } from './endpoint-inputs.ts'
import { ENDPOINT, ENDPOINT_WITH_SECRET } from './endpoint-schemas.ts'
import { pathId } from './owner-call.ts'
import { further, type OwnerRouter } from './owner-router.ts'
import { shownEndpoint, shownWithSecret } from './shown-endpoint.ts'
import { told } from './told.ts'

/** The operations that enable and disable endpoints, and give them new secrets. */
export function switchEndpoints(router: OwnerRouter): void {
  enableEndpoint(router)
  disableEndpoint(router)
  rotateSecret(router)
}

function enableEndpoint(router: OwnerRouter): void {
  router.post(
    '/endpoints/{endpoint_id}/enable',
    {
      operationId: 'enableEndpoint',
      summary: 'Enable an endpoint',
      body: ENABLE,
      response: ENDPOINT,
      responses: further(
        '`disabled-by-operator`: only the operator of the API can enable it; `recovery-running`: an earlier recovery is not done',
      ),
    },
    async ({ '~call': call, params, body: { recoverSince } }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      const options = recoverSince === undefined ? call.of : { ...call.of, recoverSince: new Date(recoverSince) }
      const enable = () => call.endpoints.enable(id, options).catch(refuseOperators)
      return shownEndpoint(await told(enable, { in: 'body', names: ['recoverSince', 'url'] }))
    },
  )
}

function disableEndpoint(router: OwnerRouter): void {
  router.post(
    '/endpoints/{endpoint_id}/disable',
    {
      operationId: 'disableEndpoint',
      summary: 'Disable an endpoint',
      description: 'What waits for it is cancelled; a recovery can send it again later.',
      response: ENDPOINT,
      responses: further(),
    },
    async ({ '~call': call, params }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      const disabled = await told(() => call.endpoints.disable(id, call.of), { in: 'path', names: [] })
      return shownEndpoint(disabled)
    },
  )
}

function rotateSecret(router: OwnerRouter): void {
  router.post(
    '/endpoints/{endpoint_id}/rotate-secret',
    {
      operationId: 'rotateEndpointSecret',
      summary: 'Give an endpoint a new secret',
      description:
        'Earlier secrets sign as well for a while, so that receivers can change over. It is not shown again.',
      headers: IDEMPOTENCY,
      body: ROTATE,
      response: ENDPOINT_WITH_SECRET,
      responses: further(
        '`too-many-secrets`: three sign at present, and `nextEnd` says when the next of them ends; `idempotency-key-reused`: the key was used for another body, or the secret has been rotated since',
      ),
    },
    async ({ '~call': call, params, body, headers, respond }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      const idempotencyKey = headers['idempotency-key']
      const rotated = await told(
        () =>
          call.endpoints.rotateSecret(id, {
            ...call.of,
            ...body,
            ...(idempotencyKey !== undefined && { idempotencyKey }),
          }),
        { in: 'body', names: ['overlapSeconds'] },
      )
      return respond(200, shownWithSecret(rotated), { headers: { 'cache-control': 'no-store' } })
    },
  )
}

function refuseOperators(error: unknown): never {
  if (error instanceof EndpointDisabledError)
    throw new HttpError(409, 'The operator of the API has disabled the endpoint, and only the operator can enable it', {
      code: 'disabled-by-operator',
    })
  throw error
}
