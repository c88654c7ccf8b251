import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { Router } from '../router.ts'
import { ENDPOINT_FIELDS, type EndpointField, type EndpointRoutesOptions } from './endpoint-routes-options.ts'
import { OfferedEvents } from './offered-events.ts'
import { ownerCall } from './owner-call.ts'
import { ownerRouter } from './owner-router.ts'
import { readEndpoints } from './read-endpoints.ts'
import { switchEndpoints } from './switch-endpoints.ts'
import { tryEndpoints } from './try-endpoints.ts'
import { readDeliveries, replayDeliveries } from './webhook-deliveries.ts'
import { readEvents } from './webhook-events.ts'
import { readMessages } from './webhook-messages.ts'
import { writeEndpoints } from './write-endpoints.ts'

const OPTION_NAMES: Readonly<Record<keyof EndpointRoutesOptions, true>> = {
  owner: true,
  prefix: true,
  tags: true,
  dependencies: true,
  writeDependencies: true,
  events: true,
  fields: true,
}

/** The most that an endpoint may be: a URL of 2 KiB, 100 events and 10 channels, 20 headers and 20 entries of metadata. */
const BODY_LIMIT_BYTES = 131_072

/**
 * Sixteen operations with which your customers look after their own endpoints: they register, change, test, disable and
 * recover them, rotate their secrets, and see what was sent. All are ordinary operations of your API: in its document,
 * with your security schemes, typed in every client that is generated from it.
 *
 * Whose endpoints a request is about is up to `owner` alone. What belongs to somebody else gives the same 404 as what
 * does not exist. A secret is shown once, when it is made; the values of headers never are. An owner may send 10 tests
 * a minute; each process counts its own. Throws a `DefinitionError`.
 *
 * @example
 * ```ts
 * import { dependency, endpointRoutes, HttpError, Ringback, webhook } from 'ringback'
 * import { z } from 'zod'
 *
 * const paid = webhook.post({ data: z.object({ invoice_id: z.string() }) })
 * const tenants = new Map([['key-of-richie', 'richie']])
 * const currentTenant = dependency({ headers: z.object({ 'x-api-key': z.string() }) }, ({ headers }) => {
 *   const tenant = tenants.get(headers['x-api-key'])
 *   if (tenant === undefined) throw new HttpError(401)
 *   return tenant
 * })
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks: { 'invoice.paid': paid } })
 * app.include(endpointRoutes({ owner: currentTenant, prefix: '/webhooks', tags: ['webhooks'] }))
 * console.log(Object.keys(app.openapi().paths ?? {}).length) // 13
 * ```
 */
export function endpointRoutes(options: EndpointRoutesOptions): Router {
  checkOptions(options)
  const { owner, prefix, tags, dependencies, writeDependencies, fields = ENDPOINT_FIELDS } = options
  const events = new OfferedEvents(options.events)
  const call = ownerCall(owner)
  const reads = ownerRouter(call)
  readEvents(reads, events)
  readEndpoints(reads, events)
  readDeliveries(reads, events)
  readMessages(reads, events)
  const writes = ownerRouter(call)
  writeEndpoints(writes, events, fields)
  switchEndpoints(writes)
  tryEndpoints(writes, events)
  replayDeliveries(writes)
  const router = new Router({
    ...{ bodyLimitBytes: BODY_LIMIT_BYTES, responses: AWAY },
    ...(prefix !== undefined && { prefix: prefix as '' }),
    ...(tags !== undefined && { tags }),
    ...(dependencies !== undefined && { dependencies }),
  })
  router.include(reads)
  router.include(writes, writeDependencies && { dependencies: writeDependencies })
  return router
}

const AWAY = { 503: { description: 'The store does not answer; nothing has happened, so send it again' } }

function checkOptions(options: EndpointRoutesOptions): void {
  checkNames(options, OPTION_NAMES, 'the options of "endpointRoutes"')
  const { owner, fields = [], events = [] } = options
  if (owner?.kind !== 'dependency')
    throw new DefinitionError(
      `"owner" of endpointRoutes is ${quoted(owner)}: give a dependency that names the owner of whoever calls`,
    )
  if (!Array.isArray(fields)) throw new DefinitionError(`"fields" of endpointRoutes must be a list of names`)
  if (!Array.isArray(events) || events.some(event => typeof event !== 'string'))
    throw new DefinitionError(`"events" of endpointRoutes must be a list of names`)
  const unknown = (fields as readonly EndpointField[]).find(field => !ENDPOINT_FIELDS.includes(field))
  if (unknown !== undefined)
    throw new DefinitionError(
      `"fields" of endpointRoutes has ${quoted(unknown)}: choose from ${ENDPOINT_FIELDS.map(field => `"${field}"`).join(', ')}`,
    )
}
