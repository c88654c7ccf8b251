import { hash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { DestinationVerdict } from '../../destination/verdict.ts'
import { destinationHash } from '../../signature/destination-hash.ts'
import { generateSecret } from '../../signature/generate.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { IdempotencyConflictError } from '../idempotency-conflict-error.ts'
import type { StoreKeys } from '../keys/store-keys.ts'
import { canonicalOrigin } from '../prepare-delivery.ts'
import { checkEndpoint, checkedOwner, checkMerged, lowerCaseNames, merged } from './check-endpoint.ts'
import type { Endpoint, EndpointChange, NewEndpoint, WithSecret } from './endpoint.ts'
import { detailsOf, endpointOf, readDetails } from './endpoint-details.ts'
import type { ChangeEndpointRequest, EndpointValues, NewStoredEndpoint, StoredEndpoint } from './endpoint-store.ts'
import { EndpointLimitError } from './errors/endpoint-limit-error.ts'
import { EndpointNotFoundError } from './errors/endpoint-not-found-error.ts'
import { InvalidEndpointError } from './errors/invalid-endpoint-error.ts'
import { type Owner, ownerText } from './owner.ts'
import { type EndpointSecrets, openEndpoint, sealEndpoint } from './sealed-endpoint.ts'
import type { WebhookCatalogue } from './webhook-catalogue.ts'

/** What endpoints are kept with. */
export interface EndpointContext {
  readonly store: DeliveryStore
  readonly keys: Pick<StoreKeys, 'known' | 'ensure'>
  readonly clock: Clock
  readonly masterSecrets: readonly string[]
  readonly makeId: () => string
  readonly catalogue: WebhookCatalogue
  readonly maxPerOwner: number
  /** The usual time for which an earlier secret signs. */
  readonly overlapSeconds: number
  judgeUrl(url: string): DestinationVerdict
  /** Something may have become due. */
  wake(): void
}

/** What a change is made of: an endpoint as it is, opened. */
export interface OpenedEndpoint {
  readonly stored: StoredEndpoint
  readonly secrets: EndpointSecrets
}

/** A change to an endpoint that was read; null changes nothing. */
export type EndpointStep = Omit<ChangeEndpointRequest, 'id' | 'revision' | 'now'>

/** How often somebody else may change an endpoint while it is being changed. */
const mostTries = 20

/** Reads endpoints, and writes changes to what was read. */
export class EndpointRegistry {
  readonly context: EndpointContext

  constructor(context: EndpointContext) {
    this.context = context
  }

  /** The endpoint of this owner; throws `EndpointNotFoundError`. */
  async find(id: string, owner: Owner): Promise<StoredEndpoint> {
    const text = ownerText(owner)
    const found = isId(id) ? await this.context.store.findEndpoint({ id, owner: text }) : undefined
    if (found === undefined) throw new EndpointNotFoundError()
    return found
  }

  open(stored: Pick<StoredEndpoint, 'id' | 'sealed'>): EndpointSecrets {
    return openEndpoint(stored, this.context.masterSecrets)
  }

  /**
   * Changes an endpoint by what `step` says of it as it is. If somebody else has changed it meanwhile, it is asked again.
   */
  async change(
    id: string,
    owner: Owner,
    step: (endpoint: OpenedEndpoint, now: number) => EndpointStep | null,
  ): Promise<StoredEndpoint> {
    const { store, clock, keys } = this.context
    if (!keys.known) await keys.ensure()
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await this.find(id, owner)
      const now = clock.now()
      const asked = step({ stored, secrets: this.open(stored) }, now)
      if (asked === null) return stored
      const changed = await store.changeEndpoint({ id, revision: stored.revision, now, ...asked })
      if (changed === 'missing') throw new EndpointNotFoundError()
      if (changed === 'changed-meanwhile') continue
      this.context.wake()
      return changed
    }
    throw new Error(`Endpoint "${id}" was changed ${mostTries} times while it was being changed; try again`)
  }

  async create(given: NewEndpoint): Promise<WithSecret<Endpoint>> {
    const { store, clock, keys, maxPerOwner: limit } = this.context
    const { idempotencyKey, ...told } = given
    const owner = checkedOwner(told.owner)
    const secret = generateSecret()
    const now = clock.now()
    const id = this.newId()
    const endpoint = this.compose({ ...told, owner }, { id, secrets: [{ secret, createdAt: now }], createdAt: now })
    const createDigest = idempotencyKey === undefined ? undefined : digestOf(told)
    if (!keys.known) await keys.ensure()
    const result = await store.addEndpoint({
      endpoint: { ...endpoint, createKey: idempotencyKey, createDigest },
      limit,
      now,
    })
    if ('limit' in result) throw new EndpointLimitError(limit)
    if ('added' in result) return { ...endpointOf(result.added, now), secret }
    return this.#repeated(result.known, result.isDeleted, createDigest)
  }

  /** The answer to a registration that is repeated: the same, as long as nothing else has changed its secret. */
  #repeated(known: StoredEndpoint, isDeleted: boolean, digest: string | undefined): WithSecret<Endpoint> {
    if (isDeleted || known.createDigest !== digest) throw new IdempotencyConflictError(known.id)
    const { secrets } = this.open(known)
    const [newest] = secrets
    if (newest === undefined || secrets.length > 1 || newest.createdAt !== known.createdAt)
      throw new IdempotencyConflictError(known.id)
    return { ...endpointOf(known, this.context.clock.now()), secret: newest.secret }
  }

  newId(): string {
    return this.context.makeId().replace('msg_', 'ep_')
  }

  /** An endpoint to be added, checked. */
  compose(
    given: NewEndpoint,
    own: Pick<NewStoredEndpoint, 'id' | 'createdAt'> & Pick<EndpointSecrets, 'secrets'> & Partial<EndpointSecrets>,
  ): NewStoredEndpoint {
    const { masterSecrets, catalogue } = this.context
    checkEndpoint({ ...given, url: given.url ?? '', events: given.events ?? [] }, catalogue.events)
    const headers = merged({}, lowerCaseNames(given.headers))
    const metadata = merged({}, given.metadata)
    checkMerged(metadata, headers)
    const secrets = { secrets: own.secrets, headerPrefixes: own.headerPrefixes ?? [], headers }
    return {
      id: own.id,
      tag: destinationHash(own.id),
      owner: given.owner,
      ...this.judged(given.url),
      events: given.events,
      channels: given.channels ?? [],
      details: JSON.stringify(detailsOf(secrets, { description: given.description ?? '', metadata })),
      sealed: sealEndpoint(own.id, secrets, masterSecrets),
      ratePerSecond: given.ratePerSecond ?? undefined,
      disabledReason: undefined,
      createdAt: own.createdAt,
      createKey: undefined,
      createDigest: undefined,
    }
  }

  /** The values of an endpoint after a change, checked; null if nothing would change. */
  composeChange({ stored, secrets }: OpenedEndpoint, change: EndpointChange): Partial<EndpointValues> | null {
    checkEndpoint(change, this.context.catalogue.events)
    const { description, metadata } = readDetails(stored)
    const headers = merged(secrets.headers, lowerCaseNames(change.headers))
    const mergedMetadata = merged(metadata, change.metadata)
    checkMerged(mergedMetadata, headers)
    const told = { description: change.description ?? description, metadata: mergedMetadata }
    const details = JSON.stringify(detailsOf({ ...secrets, headers }, told))
    const isSealedAnew = JSON.stringify(headers) !== JSON.stringify(secrets.headers)
    const values: Partial<EndpointValues> = {
      ...(change.url !== undefined && change.url !== stored.url && this.judged(change.url)),
      ...(isOther(change.events, stored.events) && { events: change.events }),
      ...(isOther(change.channels, stored.channels) && { channels: change.channels }),
      ...(details !== stored.details && { details }),
      ...(isSealedAnew && { sealed: this.seal(stored.id, { ...secrets, headers }) }),
      ...(change.ratePerSecond !== undefined &&
        (change.ratePerSecond ?? undefined) !== stored.ratePerSecond && {
          ratePerSecond: change.ratePerSecond ?? undefined,
        }),
    }
    return Object.keys(values).length === 0 ? null : values
  }

  seal(id: string, secrets: EndpointSecrets): Uint8Array {
    return sealEndpoint(id, secrets, this.context.masterSecrets)
  }

  /** A URL with its origin; throws `InvalidEndpointError` if the guard refuses it, in words that tell nothing of the network. */
  judged(url: string): Pick<EndpointValues, 'url' | 'origin'> {
    const verdict = this.context.judgeUrl(url)
    if (!verdict.allowed) throw new InvalidEndpointError('/url', verdict.text)
    return { url, origin: canonicalOrigin(url) }
  }
}

/** Ids have a bounded length, so that nothing else is asked of a store. */
function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= 256 && !id.includes('\0') && id.isWellFormed()
}

function isOther(given: readonly string[] | undefined, stored: readonly string[]): given is readonly string[] {
  return given !== undefined && JSON.stringify(given) !== JSON.stringify(stored)
}

/** The same for the same registration, in whatever order its members were given. */
function digestOf(given: Omit<NewEndpoint, 'idempotencyKey'>): string {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, each]) => each !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, each]) => [name, sorted(each)]),
        )
      : value
  return hash('sha256', JSON.stringify(sorted(given)), 'base64url')
}
