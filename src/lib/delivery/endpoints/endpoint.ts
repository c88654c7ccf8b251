import type { AttemptOutcome } from '../delivery-state.ts'
import type { Owner } from './owner.ts'

/** Why an endpoint is disabled. */
export type DisabledReason = 'owner' | 'operator' | 'gone' | 'failing' | 'blocked'

/** A URL that a customer has registered, to which webhooks are sent. */
export interface Endpoint<E extends string = string> {
  /** `ep_` and 25 characters. */
  readonly id: string
  readonly owner: string
  readonly url: string
  readonly description: string
  /** The events it gets; `'*'` is every documented one. */
  readonly events: readonly (E | '*')[]
  /** None: every message. Otherwise only messages that were sent to one of them. */
  readonly channels: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  /** The names of the headers that its requests have; their values are never shown. */
  readonly headerNames: readonly string[]
  /** How many attempts may start in a second; null means any number. */
  readonly ratePerSecond: number | null
  readonly status: 'enabled' | 'disabled'
  readonly disabledReason: DisabledReason | null
  readonly disabledAt: Date | null
  /** When the first attempt after the last 2xx failed. */
  readonly failingSince: Date | null
  readonly lastDeliveredAt: Date | null
  /** Those that sign now, the newest first. */
  readonly secrets: readonly EndpointSecret[]
  /** The last recovery; null if there was none. */
  readonly recovery: Recovery | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A secret of an endpoint, without the secret. */
export interface EndpointSecret {
  /** The first eight hex digits of the SHA-256 of the text `whsec_…`. */
  readonly fingerprint: string
  readonly createdAt: Date
  /** Null for the newest. */
  readonly expiresAt: Date | null
}

/** Sends again what an endpoint has missed. */
export interface Recovery {
  readonly since: Date
  readonly until: Date
  readonly state: 'running' | 'done' | 'cancelled'
  /** How many deliveries it has made due so far. */
  readonly deliveries: number
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** With its newest secret, `whsec_…`, which is shown only once. */
export type WithSecret<T> = T & { readonly secret: string }

/** What may be changed of an endpoint. */
export interface EndpointChange<E extends string = string> {
  readonly url?: string
  /** At most 500 characters. */
  readonly description?: string
  /** At most 100. */
  readonly events?: readonly (E | '*')[]
  /** At most 10. */
  readonly channels?: readonly string[]
  /** Merged by name; null removes (RFC 7396). At most 20 names of 40 and values of 500 characters. */
  readonly metadata?: Readonly<Record<string, string | null>>
  /** Merged by name; null removes. At most 20, with 4 KiB together. Sealed in the store. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** 0.01 to 10,000; null means any number. */
  readonly ratePerSecond?: number | null
}

/** An endpoint to be registered. */
export interface NewEndpoint<E extends string = string> extends EndpointChange<E> {
  readonly owner: string
  readonly url: string
  readonly events: readonly (E | '*')[]
  /** Using a key again within 24 hours, with the same content, gives the endpoint that it made. */
  readonly idempotencyKey?: string
}

/** An endpoint of another system, with its secrets. */
export interface ImportedEndpoint<E extends string = string> extends Omit<NewEndpoint<E>, 'idempotencyKey'> {
  readonly id?: string
  /** The newest first: `whsec_…`. The first has no end. At most 3. */
  readonly secrets: readonly [string, ...(string | { readonly secret: string; readonly expiresAt: Date })[]]
  /**
   * The three values of Standard Webhooks once more under these names: `['svix']` adds `svix-id`, `svix-timestamp` and
   * `svix-signature`. At most 4.
   */
  readonly headerPrefixes?: readonly string[]
  readonly disabled?: boolean
  readonly createdAt?: Date
}

/** How a test of an endpoint ended. */
export interface TestResult {
  /** Begins with `test_`, so that a receiver knows it for a test. */
  readonly webhookId: string
  readonly outcome: 'accepted' | 'rejected' | 'unreachable' | 'timed-out' | 'refused'
  readonly status: number | null
  readonly responseValid: boolean | null
  /** The first 2 KiB. */
  readonly responseBody: string | null
  readonly durationMs: number
  /** One sentence, without addresses. */
  readonly detail: string
}

/** A page of a list, the newest first. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Gives the next page; null at the end. */
  readonly nextCursor: string | null
}

/** Which page of a list. */
export interface Paging {
  readonly cursor?: string
  /** 1 to 100. Default: 50. */
  readonly limit?: number
}

/** Whose it must be. Of another owner it is not found. */
export interface OfOwner {
  readonly owner: Owner
}

/**
 * The endpoints of an application's customers. Every call names the owner. An id that is not of this owner is not found:
 * `EndpointNotFoundError`, which is a 404 where nobody catches it. All throw `StoreUnavailableError`.
 */
export interface Endpoints<E extends string = string> {
  /**
   * Registers an endpoint and gives its secret. Throws `InvalidEndpointError` for what it cannot take, such
   * as a URL that the guard refuses, `EndpointLimitError` at the limit of an owner, and `IdempotencyConflictError`.
   */
  create(endpoint: NewEndpoint<E>): Promise<WithSecret<Endpoint<E>>>
  list(
    filter: OfOwner &
      Paging & { readonly status?: 'enabled' | 'disabled'; readonly event?: E; readonly failing?: boolean },
  ): Promise<Page<Endpoint<E>>>
  get(id: string, of: OfOwner): Promise<Endpoint<E>>
  /** Throws as `create` does; then nothing has changed. */
  update(id: string, change: EndpointChange<E>, of: OfOwner): Promise<Endpoint<E>>
  /** What waits for it is cancelled. */
  delete(id: string, of: OfOwner): Promise<void>
  /**
   * Enables it, and with `recoverSince` begins a recovery. Throws `EndpointDisabledError` if an operator has disabled it
   * and an owner is named, and `RecoveryRunningError`.
   */
  enable(id: string, of: OfOwner & { readonly recoverSince?: Date }): Promise<Endpoint<E>>
  /** What waits for it is cancelled. If it was disabled already, it keeps its first reason. */
  disable(id: string, of: OfOwner & { readonly reason?: 'owner' | 'operator' }): Promise<Endpoint<E>>
  /**
   * Gives it a new secret, or the one that you give. Earlier ones sign for `overlapSeconds` (default 86,400, at most
   * 604,800; 0 ends them at once). Throws `TooManySecretsError` while three sign.
   */
  rotateSecret(
    id: string,
    of: OfOwner & { readonly overlapSeconds?: number; readonly secret?: string; readonly idempotencyKey?: string },
  ): Promise<WithSecret<Endpoint<E>>>
  /** Sends the example of an event now, once, for at most 15 s, even if it is disabled. It counts for nothing. */
  test(id: string, of: OfOwner & { readonly event: E }): Promise<TestResult>
  /**
   * Begins to send again, oldest first, what failed (`failed`), what was never made (`missed`), or both (`all`, the
   * default). Throws `EndpointDisabledError`, `RecoveryRunningError`, and a `RangeError` for a time before the retention.
   */
  recover(
    id: string,
    of: OfOwner & { readonly since: Date; readonly until?: Date; readonly include?: 'failed' | 'missed' | 'all' },
  ): Promise<Recovery>
  /** Takes over endpoints of another system; may be repeated. Throws `EndpointImportError` with the number of the line. */
  import(
    endpoints: Iterable<ImportedEndpoint<E>> | AsyncIterable<ImportedEndpoint<E>>,
  ): Promise<{ readonly created: number; readonly unchanged: number }>
  /** Gives them in the form that `import` takes; secrets and the values of headers only with `secrets`. */
  export(of: OfOwner & { readonly secrets?: boolean }): AsyncIterable<ExportedEndpoint<E>>
}

/** What `export` gives. Without its secrets it cannot be imported. */
export type ExportedEndpoint<E extends string = string> = Omit<ImportedEndpoint<E>, 'secrets'> & {
  readonly secrets?: ImportedEndpoint<E>['secrets']
}

/** What was told of an endpoint's health. */
export interface EndpointNotice {
  readonly endpoint: Endpoint
  /** How many attempts have failed since the last 2xx. */
  readonly failedAttempts: number
  readonly lastOutcome: AttemptOutcome
  readonly lastStatus: number | null
}

/** How endpoints are treated. */
export interface EndpointOptions {
  /** Default: 50. */
  readonly maxPerOwner?: number
  /** When `onFailing` is told: after this time and five failed attempts without a 2xx. Default: 86,400. */
  readonly failingAfterSeconds?: number
  /** Default: 432,000, which is 5 days. */
  readonly disableAfterSeconds?: number
  /** Default: 10. */
  readonly disableAfterAttempts?: number
  /** How long an earlier secret signs after a rotation. Default: 86,400. */
  readonly overlapSeconds?: number
  /** Called at least once for each change, by any worker; stored in the commit that changed the endpoint. */
  readonly onFailing?: (notice: EndpointNotice) => void | Promise<void>
  readonly onDisabled?: (notice: EndpointNotice) => void | Promise<void>
  readonly onRecovered?: (notice: EndpointNotice) => void | Promise<void>
}
