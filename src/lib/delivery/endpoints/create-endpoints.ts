import { generateSecret } from '../../signature/generate.ts'
import { IdempotencyConflictError } from '../idempotency-conflict-error.ts'
import type { Endpoint, Endpoints, Recovery } from './endpoint.ts'
import { detailsWith, endpointOf } from './endpoint-details.ts'
import { type EndpointContext, EndpointRegistry, type EndpointStep } from './endpoint-registry.ts'
import type { NewRecovery } from './endpoint-store.ts'
import { createEndpointTransfer } from './endpoint-transfer.ts'
import { EndpointDisabledError } from './errors/endpoint-disabled-error.ts'
import { RecoveryRunningError } from './errors/recovery-running-error.ts'
import { everyone, ownerText } from './owner.ts'
import { pageSize } from './page-size.ts'
import { isRepeated, rotatedSecrets } from './rotated-secrets.ts'

/** What {@link createEndpoints} works with. */
export interface EndpointsContext extends EndpointContext {
  /** Makes what sends tests. */
  createTest(registry: EndpointRegistry): Endpoints['test']

  /** For how long what was sent is kept. */
  readonly webhookMs: number
}

/** How many waiting deliveries are cancelled before `disable` and `delete` resolve; workers go on with the rest. */
const cancelled = { atOnce: 1_000, pieces: 20 }

export function createEndpoints(context: EndpointsContext): Endpoints {
  const { store, clock } = context
  const registry = new EndpointRegistry(context)
  const shown = (endpoint: Parameters<typeof endpointOf>[0]): Endpoint => endpointOf(endpoint, clock.now())
  const cancelStale = async () => {
    for (let piece = 0; piece < cancelled.pieces; piece++)
      if (!(await store.cancelStale({ limit: cancelled.atOnce, now: clock.now() }))) return
  }
  return {
    create: endpoint => registry.create(endpoint),
    async list({ owner, status, event, failing, cursor, limit }) {
      const query = { owner: ownerText(owner), status, event, failing, cursor, limit: pageSize(limit) }
      const { items, nextCursor = null } = await store.listEndpoints(query)
      return { items: items.map(shown), nextCursor }
    },
    get: async (id, { owner }) => shown(await registry.find(id, owner)),
    async update(id, change, { owner }) {
      return shown(
        await registry.change(id, owner, endpoint => {
          const values = registry.composeChange(endpoint, change)
          return values && { values }
        }),
      )
    },
    async delete(id, { owner }) {
      await registry.change(id, owner, () => ({ values: {}, deleted: true }))
      await cancelStale()
    },
    async enable(id, { owner, recoverSince }) {
      return shown(
        await registry.change(id, owner, ({ stored }, now): EndpointStep | null => {
          const { disabledReason, recovery } = stored
          if (disabledReason === 'operator' && owner !== everyone) throw new EndpointDisabledError('operator')
          const recovered = recoverSince && newRecovery(context, { since: recoverSince }, now)
          if (recovered !== undefined && recovery?.state === 'running') throw new RecoveryRunningError()
          if (disabledReason === undefined) return recovered === undefined ? null : { values: {}, recovery: recovered }
          // What has become of the rules since it was registered holds for it as well
          return { values: { ...registry.judged(stored.url), disabledReason: undefined }, recovery: recovered }
        }),
      )
    },
    async disable(id, { owner, reason = owner === everyone ? 'operator' : 'owner' }) {
      const disabled = await registry.change(id, owner, ({ stored }) =>
        stored.disabledReason === undefined ? { values: { disabledReason: reason } } : null,
      )
      await cancelStale()
      return shown(disabled)
    },
    async rotateSecret(
      id,
      { owner, overlapSeconds = context.overlapSeconds, secret = generateSecret(), idempotencyKey },
    ) {
      const rotation = { secret, overlapSeconds, idempotencyKey }
      const rotated = await registry.change(id, owner, ({ stored, secrets }, now) => {
        if (isRepeated(id, secrets, rotation, now)) return null
        const next = rotatedSecrets(secrets, rotation, now)
        return { values: { sealed: registry.seal(id, next), details: detailsWith(stored, next) } }
      })
      const [newest] = registry.open(rotated).secrets
      if (newest === undefined) throw new IdempotencyConflictError(id)
      return { ...shown(rotated), secret: newest.secret }
    },
    test: context.createTest(registry),
    async recover(id, { owner, ...asked }): Promise<Recovery> {
      const recovering = await registry.change(id, owner, ({ stored }, now) => {
        if (stored.disabledReason !== undefined) throw new EndpointDisabledError(stored.disabledReason)
        if (stored.recovery?.state === 'running') throw new RecoveryRunningError()
        return { values: {}, recovery: newRecovery(context, asked, now) }
      })
      return shown(recovering).recovery!
    },
    ...createEndpointTransfer(registry),
  }
}

/** What is asked of a recovery; throws a `RangeError`. */
function newRecovery(
  { webhookMs }: Pick<EndpointsContext, 'webhookMs'>,
  {
    since,
    until,
    include = 'all',
  }: { readonly since: Date; readonly until?: Date; readonly include?: NewRecovery['include'] },
  now: number,
): NewRecovery {
  const [from, to] = [since?.getTime(), until === undefined ? now : Math.min(until.getTime(), now)]
  if (!(Number.isFinite(from) && Number.isFinite(to))) throw new RangeError('"since" and "until" must be valid dates')
  if (from < now - webhookMs)
    throw new RangeError(
      `"since" is before the oldest message that is kept; give ${new Date(now - webhookMs).toISOString()} or later`,
    )
  if (to < from) throw new RangeError('"until" is before "since"; give a later time')
  if (!['failed', 'missed', 'all'].includes(include))
    throw new RangeError('"include" is unknown; give "failed", "missed" or "all"')
  // The times of messages are whole milliseconds, and the last one counts
  return { since: Math.floor(from), until: Math.floor(to) + 1, include }
}
