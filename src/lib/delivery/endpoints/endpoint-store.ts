import type { AttemptOutcome, DeliveryState } from '../delivery-state.ts'
import type { DisabledReason } from './endpoint.ts'
import type { EndpointHealth, NoticeKind } from './endpoint-health.ts'

/**
 * The part of the store's port that keeps endpoints, the messages of webhooks, and what is still to be made of them. As
 * everywhere in the port, each method is one commit.
 *
 * A message that is for endpoints of one owner gets its first deliveries in the commit of its own `add`. What is left is a
 * fan-out, of which `continueFanouts` does a piece at a time. An endpoint gets a message if it is enabled and not deleted
 * when its turn comes, was created before the message, belongs to its owner, listens to its event (see `WebhookTargets`)
 * and has no channels or one of the message's.
 *
 * A delivery that is made for an endpoint has the id of the message, `_` and the endpoint's `tag`. It has no URL of its
 * own: a claim takes that, the headers and the secrets from the endpoint as it is then.
 *
 * Disabling or deleting an endpoint cancels what waits for it: nothing of that is claimed any more, it reads as cancelled
 * at once, and `cancelStale` settles it, a piece at a time. An attempt that is running ends; if it did not deliver, its
 * delivery is cancelled.
 */
export interface EndpointStore {
  /** Adds an endpoint, unless its id or its key exists, or its owner has as many as `limit`. */
  addEndpoint(request: AddEndpointRequest): Promise<AddEndpointResult>
  /** The endpoint of this id that is not deleted, and belongs to this owner; an empty owner means anyone's. */
  findEndpoint(request: OfOwnerRequest): Promise<StoredEndpoint | undefined>
  /** A page of endpoints that are not deleted, the newest first. It may be short although there is a next one. */
  listEndpoints(query: EndpointQuery): Promise<StoredEndpointPage>
  /** Changes an endpoint, unless somebody has changed it since it was read. */
  changeEndpoint(request: ChangeEndpointRequest): Promise<StoredEndpoint | 'changed-meanwhile' | 'missing'>
  /** Settles a piece of what waits for disabled and deleted endpoints; true while there may be more. */
  cancelStale(request: { readonly limit: number; readonly now: number }): Promise<boolean>
  /**
   * Does a piece of one fan-out or recovery, the one whose turn is longest ago, and returns how many deliveries it has
   * made due; undefined if there is none to do.
   */
  continueFanouts(request: { readonly limit: number; readonly now: number }): Promise<number | undefined>
  /** A page of messages, the newest first: those of one owner and those for everyone, or all if the owner is empty. */
  listMessages(query: MessageQuery): Promise<StoredMessagePage>
  findMessage(
    request: OfOwnerRequest,
  ): Promise<(StoredMessage & { readonly content: Uint8Array | undefined }) | undefined>
  /**
   * Ends the fan-out of a message and cancels a piece of what waits, at most `limit`. Returns how many; undefined if there
   * is no such message.
   */
  cancelMessage(request: OfOwnerRequest & CancelMessageRequest): Promise<number | undefined>
  /** Leases notices whose handlers have still to run. */
  claimNotices(request: {
    readonly now: number
    readonly limit: number
    readonly leaseMs: number
  }): Promise<readonly StoredNotice[]>
  /** Removes notices, or lets them be told again. */
  endNotices(request: {
    readonly notices: readonly {
      readonly id: string
      readonly failures: number
      readonly againInMs: number | undefined
    }[]
    readonly now: number
  }): Promise<void>
}

/** An id, and whose it must be; an empty owner means anyone's. */
export interface OfOwnerRequest {
  readonly id: string
  readonly owner: string
}

/** What people have said of an endpoint. */
export interface EndpointValues {
  readonly url: string
  /** The origin of the URL. */
  readonly origin: string
  readonly events: readonly string[]
  readonly channels: readonly string[]
  /** JSON text, opaque to a store. */
  readonly details: string
  /** Secrets and headers; opaque to a store. */
  readonly sealed: Uint8Array
  readonly ratePerSecond: number | undefined
  readonly disabledReason: DisabledReason | undefined
}

/** An endpoint to be added. */
export interface NewStoredEndpoint extends EndpointValues {
  readonly id: string
  /** Ends the ids of its deliveries. */
  readonly tag: string
  readonly owner: string
  readonly createdAt: number
  readonly createKey: string | undefined
  readonly createDigest: string | undefined
}

/** An endpoint as it is in the store. Times are epoch milliseconds. */
export interface StoredEndpoint extends NewStoredEndpoint, EndpointHealth {
  /** Counts the changes. */
  readonly revision: number
  readonly disabledAt: number | undefined
  readonly updatedAt: number
  readonly lastDeliveredAt: number | undefined
  readonly recovery: StoredRecovery | undefined
}

/** See `Recovery`. */
export interface StoredRecovery {
  readonly since: number
  readonly until: number
  readonly state: 'running' | 'done' | 'cancelled'
  readonly deliveries: number
  readonly startedAt: number
  readonly finishedAt: number | undefined
}

/** See {@link EndpointStore.addEndpoint}. */
export interface AddEndpointRequest {
  readonly endpoint: NewStoredEndpoint
  /** The most of one owner; undefined means any number. */
  readonly limit: number | undefined
  readonly now: number
}

/** What was added, what has this id or key already (also if it is deleted), or nothing because of the limit. */
export type AddEndpointResult =
  | { readonly added: StoredEndpoint }
  | { readonly known: StoredEndpoint; readonly isDeleted: boolean }
  | { readonly limit: true }

/** See {@link EndpointStore.listEndpoints}. */
export interface EndpointQuery {
  readonly owner: string
  readonly status?: 'enabled' | 'disabled' | undefined
  /** Those that listen to this event by name, or to all. */
  readonly event?: string | undefined
  readonly failing?: boolean | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** See {@link EndpointStore.listEndpoints}. */
export interface StoredEndpointPage {
  readonly items: readonly StoredEndpoint[]
  readonly nextCursor: string | undefined
}

/** See {@link EndpointStore.changeEndpoint}. */
export interface ChangeEndpointRequest {
  readonly id: string
  /** As it was read. */
  readonly revision: number
  /** What is different now. Another URL, and enabling, clear its health, its breaker and its pause. */
  readonly values: Partial<EndpointValues>
  /** Removes it for everyone but its history. */
  readonly deleted?: boolean | undefined
  /** Begins a recovery. */
  readonly recovery?: NewRecovery | undefined
  readonly now: number
}

/** A recovery to be begun. */
export interface NewRecovery {
  readonly since: number
  readonly until: number
  readonly include: 'failed' | 'missed' | 'all'
}

/** See {@link EndpointStore.listMessages}. */
export interface MessageQuery {
  readonly owner: string
  /** Any of these events. */
  readonly events?: readonly string[] | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** A message as it is in the store. */
export interface StoredMessage {
  readonly id: string
  readonly event: string
  /** Empty for everyone. */
  readonly owner: string
  readonly channels: readonly string[]
  readonly timestamp: number
  readonly createdAt: number
  readonly expanded: boolean
  /** Of the owner who was asked for, or of all. */
  readonly deliveries: Readonly<Record<DeliveryState, number>>
}

/** See {@link EndpointStore.listMessages}. */
export interface StoredMessagePage {
  readonly items: readonly StoredMessage[]
  readonly nextCursor: string | undefined
}

/** See {@link EndpointStore.cancelMessage}. */
export interface CancelMessageRequest {
  readonly limit: number
  readonly now: number
}

/** What happened to an endpoint, until it has been told. */
export interface StoredNotice {
  readonly id: string
  readonly kind: NoticeKind
  readonly endpoint: StoredEndpoint
  readonly failedAttempts: number
  readonly lastOutcome: AttemptOutcome
  readonly lastStatus: number | undefined
  /** How often its handler has failed. */
  readonly failures: number
}

/** The endpoint of a claimed delivery. */
export interface ClaimedEndpoint {
  readonly id: string
  readonly owner: string
  readonly sealed: Uint8Array
  /** Whether a fan-out made it, after the commit of its message. */
  readonly madeLater: boolean
}
