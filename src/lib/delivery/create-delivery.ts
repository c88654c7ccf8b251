import { type Clock, systemClock } from '../clock.ts'
import { checkNames } from '../definition/check-names.ts'
import { defaultFinalStatuses } from '../definition/final-statuses.ts'
import { createDestinationPolicy } from '../destination/policy.ts'
import type { DestinationRules } from '../destination/rules.ts'
import { defaultSocketLimit } from '../destination/transport/default-socket-limit.ts'
import { createGuardedTransport } from '../destination/transport/guarded-transport.ts'
import type { Transport } from '../destination/transport/transport.ts'
import type { DestinationVerdict } from '../destination/verdict.ts'
import { endsWithin } from '../ends-within.ts'
import { fittingLog } from '../log/fitting-log.ts'
import { consoleLog, type Log } from '../log/log.ts'
import type { AttemptHeaders } from './attempt/attempt-headers.ts'
import { eventOf, leaseMarginMs } from './attempt/attempt-runner.ts'
import { CallLine } from './attempt/call-line.ts'
import { type CallResponse, callOnce } from './attempt/call-once.ts'
import { createResponseCheck } from './attempt/response-check.ts'
import { defaultRetryDelaysSeconds, defaultTimeoutMs } from './attempt/retry-schedule.ts'
import { type Concurrency, checkedConcurrency } from './check-concurrency.ts'
import { checkDeliveryValues } from './check-delivery-options.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import { createEmitter, type DeliveryEvents, type DeliveryListener } from './delivery-events.ts'
import { createIdMaker } from './delivery-id.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { AddResult, DeliveryStore } from './delivery-store.ts'
import { DeliveryWorker, leastRecordMs } from './delivery-worker.ts'
import { createDestinations, type Destinations } from './destinations.ts'
import { HandlerRuns } from './handlers/handler-runs.ts'
import type { OnFailed } from './handlers/on-failed.ts'
import type { OnOutage } from './handlers/on-outage.ts'
import type { OnResponse } from './handlers/on-response.ts'
import { OutageHandlers } from './handlers/outage-handlers.ts'
import { SettledHandlers } from './handlers/settled-handlers.ts'
import { type HeldDeliveries, heldDeliveries, heldMs } from './held-deliveries.ts'
import { IdempotencyConflictError } from './idempotency-conflict-error.ts'
import { createDeliverySigner, type DeliverySigning } from './keys/delivery-signer.ts'
import { createRecipientSecrets, type RecipientSecrets } from './keys/recipient-secrets.ts'
import { StoreKeys } from './keys/store-keys.ts'
import { ReplayWork } from './manage/replays.ts'
import { isOwnLoop } from './own-loop.ts'
import { type PreparedDelivery, prepareDelivery } from './prepare-delivery.ts'
import { StoreOutcomeUnknownError } from './store-outcome-unknown-error.ts'
import { StoreUnavailableError } from './store-unavailable-error.ts'
import type { Retention } from './stored-delivery.ts'
import { Measuring } from './telemetry/metrics.ts'

/** How deliveries are stored, signed and sent; see {@link createDelivery}. */
export interface DeliveryOptions {
  readonly store: DeliveryStore
  readonly signing: DeliverySigning
  /** The wait before each attempt, from the end of the one before, in seconds. Default: 0, 5, 300 and so on, ten in about three days. */
  readonly retryDelaysSeconds?: readonly number[]
  /**
   * The statuses of a response, from 300 to 599, that end a delivery as failed at once. The list replaces the default: with
   * `[]` a 410 is sent again, too. Default: `[410]`.
   */
  readonly finalStatuses?: readonly number[]
  /** Total time limit of an attempt, in milliseconds. Default: 15,000. */
  readonly timeoutMs?: number
  /** Which destinations requests may go to beyond the public ones, and which not. */
  readonly destinations?: DestinationRules
  /** Origins of our own servers: nothing is sent there. */
  readonly ownOrigins?: readonly string[]
  /**
   * Attempts at the same time: in all (default 1,024, at most half of the file descriptors that the process may have) and to
   * one origin (default 8). One that waits costs a socket, and at most `responseLimitBytes` of memory. Origins
   * whose last attempt brought no response, or that had none yet, have at most half of them, one each.
   */
  readonly concurrency?: { readonly total?: number; readonly perOrigin?: number }
  /**
   * Calls at the same time: in all (default 64) and to one origin (default 8). Up to 10,000 more, with 64 MiB of bodies, wait
   * for their turn within their own time limit.
   */
  readonly callConcurrency?: { readonly total?: number; readonly perOrigin?: number }
  /** At most so many attempts start in a second at each destination that has no rate of its own. Default: any number. */
  readonly ratePerSecond?: number
  /** Whether `start` begins to send what is due. Default: true. */
  readonly worker?: boolean
  /** Days that settled deliveries are kept: bytes (default 7), rows (30), rows of failed ones (90). */
  readonly retention?: { readonly bytesDays?: number; readonly rowsDays?: number; readonly failedDays?: number }
  /** Default: 262,144. */
  readonly payloadLimitBytes?: number
  /**
   * Whether bodies, and the responses that are kept, are sealed in the store as headers always are (AES-256-GCM, with a key
   * of the master secret). What was stored before stays as it is. Default: false.
   */
  readonly sealBodies?: boolean
  /** How much of a response's body is kept. Default: 65,536. */
  readonly responseLimitBytes?: number
  /** Default: the real time. */
  readonly clock?: Clock
  /** For jitter: a number from 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number
  /** Default: the console. */
  readonly log?: Log
  /** What carries requests out. Default: the guarded transport. */
  readonly transport?: Transport
  /**
   * Gives further headers of each attempt and each `call`, such as a token that expires: called before it, within its time
   * limit. They are stored nowhere. Where it throws, does not return in time or gives a header that it may not give
   * (hop-by-hop headers, `host`, `content-length`, `cdn-loop`, `webhook-*`, `accept`, `accept-encoding`, `content-type`,
   * `user-agent`), the attempt is abandoned, which uses up no wait of the schedule at most ten times in a row.
   */
  readonly attemptHeaders?: AttemptHeaders
  /**
   * Called with the response to each delivery that asked for it, at least once. One that throws, or has not ended after 50 s,
   * is called again after 1, 5 and 30 minutes, and the log says so.
   */
  readonly onResponse?: OnResponse
  /**
   * Called with each delivery that failed, whatever the cause, or is blocked, at least once; not with cancelled ones. One
   * that throws is called again as `onResponse` is.
   */
  readonly onFailed?: OnFailed
  /**
   * Called when a destination has had no 2xx for `outageAfterSeconds` while something waited for it, and when it has
   * recovered: each at least once, and by one of all workers. One that throws is called again as `onResponse` is.
   */
  readonly onOutage?: OnOutage
  /** Default: 3,600. At least 1. */
  readonly outageAfterSeconds?: number
}

/** Every option of `createDelivery`. */
export const DELIVERY_NAMES: Readonly<Record<keyof DeliveryOptions, true>> = {
  store: true,
  signing: true,
  retryDelaysSeconds: true,
  finalStatuses: true,
  timeoutMs: true,
  destinations: true,
  ownOrigins: true,
  concurrency: true,
  callConcurrency: true,
  ratePerSecond: true,
  worker: true,
  retention: true,
  payloadLimitBytes: true,
  sealBodies: true,
  responseLimitBytes: true,
  clock: true,
  random: true,
  log: true,
  transport: true,
  attemptHeaders: true,
  onResponse: true,
  onFailed: true,
  onOutage: true,
  outageAfterSeconds: true,
}

/** A delivery that is stored; `repeated` where its idempotency key was known, `id` is then the first one's. */
export interface StoredResult {
  readonly id: string
  readonly url: string
  readonly repeated: boolean
}

/** The first delivery of an idempotency key. One that is held by its request may still be taken back. */
export interface KnownDelivery {
  readonly id: string
  readonly url: string
  readonly held: boolean
}

/** Stores deliveries, sends them until they are settled, and tells about it. */
export interface DeliveryEngine extends RecipientSecrets {
  /**
   * Checks a request and gives it its id, without any I/O. Throws `PayloadTooLargeError`, `ReservedHeaderError`, or a
   * `RangeError` for times that cannot be kept.
   */
  prepare(request: DeliveryRequest): PreparedDelivery
  /**
   * The first delivery of the same idempotency key, where there is one. Throws `IdempotencyConflictError` where it sends
   * something else.
   */
  find(prepared: PreparedDelivery): Promise<KnownDelivery | undefined>
  /**
   * Stores all of them in one commit, or none, and wakes the worker. `transaction` is a connection of your own in a
   * transaction of the same database. Throws `IdempotencyConflictError`, `StoreUnavailableError`, or
   * `StoreOutcomeUnknownError`: then store the same prepared ones again. The first time also `MasterSecretUnknownError`, as
   * `start` does.
   */
  store(
    prepared: readonly PreparedDelivery[],
    options?: { readonly transaction?: unknown },
  ): Promise<readonly StoredResult[]>
  /**
   * Stores all of them in one commit, or none, to be sent when `makeDue` says so, or after 60 s if nobody has said anything:
   * for what is told before a commit of your own. Throws as `store` does.
   */
  hold(prepared: readonly PreparedDelivery[]): Promise<HeldDeliveries>
  /** An id for a request that is made later: its `id`. */
  newId(): string
  /** Prepares and stores; see `store`. */
  send(
    request: DeliveryRequest,
    options?: { readonly transaction?: unknown },
  ): Promise<{ readonly id: string; readonly url: string }>
  /**
   * Sends one request now, through the same guard and signature; nothing is stored. Throws `DestinationRefusedError`,
   * `CallbackTimeoutError`, `CallbackUnreachableError`, `AttemptHeadersError`, or `TooManyCallsError` where too many wait for
   * their turn.
   */
  call(request: DeliveryRequest): Promise<CallResponse>
  /** What the guard says of a URL without looking its name up. */
  judgeUrl(url: string | URL): DestinationVerdict
  /**
   * Whether a request with this `CDN-Loop` header was sent by this engine, or by another one with one of its master secrets:
   * then answer it with 508 and do nothing (RFC 8586).
   */
  isOwnLoop(cdnLoop: string): boolean
  /** The keys that `v1a` signatures are verified with, `whpk_…`: publish them as `publicKeySet` gives them. */
  readonly publicKeys: readonly string[]
  readonly deliveries: Deliveries
  readonly destinations: Destinations
  /** Registers a listener, and gives back a function that removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
  /**
   * Begins to send what is due, unless `worker` is false. Rejects with `MasterSecretUnknownError` where the store was used
   * with other master secrets, and with `StoreUnavailableError` where it cannot be used until somebody mends it; one that
   * only does not answer now is waited for.
   */
  start(): Promise<void>
  /** Begins nothing more; attempts on their way go on and are recorded. The first step of an orderly end. */
  stopClaiming(): void
  /**
   * Begins nothing more, lets attempts end for `graceMs` (default 10,000), aborts and records the others, and lets go of
   * store and transport. Handlers have the rest of that time, at least 1,000 ms; one that is left runs again later. A
   * store that does not answer is given up 1,000 ms after that time: what it could not record is sent again.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>
  /** Sends what is due by the clock, until nothing more is: for tests and jobs that run once. */
  deliverDue(): Promise<void>
}

const dayMs = 86_400_000
const defaultGraceMs = 10_000
/** What a store that answers has at least to be closed. */
const leastCloseMs = 500

/**
 * Makes a delivery engine: requests are stored, signed (Standard Webhooks), sent through the guard at least once, and
 * sent again on a schedule until the receiver takes them.
 *
 * @example
 * ```ts
 * import { createDelivery, memoryStore } from 'ringback/delivery'
 * import { generateSecret } from 'ringback/signature'
 *
 * const delivery = createDelivery({ store: memoryStore(), signing: { masterSecret: generateSecret() } })
 * await delivery.start()
 * const { id } = await delivery.send({
 *   operation: 'createInvoice',
 *   callback: 'invoiceNotification',
 *   method: 'POST',
 *   url: 'https://www.external.org/events/invoices/2expen51ve',
 *   destination: 'https://www.external.org/events',
 *   body: new TextEncoder().encode('{"paid":true}'),
 * })
 * console.log((await delivery.deliveries.get(id))?.url)
 * await delivery.close({ graceMs: 0 })
 * ```
 */
export function createDelivery(options: DeliveryOptions): DeliveryEngine {
  checkNames(options, DELIVERY_NAMES, 'the options of "createDelivery"')
  checkDeliveryValues(options)
  const parts = createParts(options)
  const { store, clock, log, transport, signer, events, worker, deliveries, destinations, limits, keys } = parts
  const prepare = (request: DeliveryRequest) => prepareDelivery(request, parts.preparing)
  /** Whether it was told to end, perhaps while its start was waiting for the store. */
  let ends = false
  const engine: DeliveryEngine = {
    prepare,
    find: prepared => findRepeated(store, prepared),
    async store(prepared, storing) {
      if (!keys.known) await keys.ensure(storing?.transaction)
      worker.wake()
      const result = await store.add({ rows: prepared.map(({ row }) => row), now: clock.now(), ...storing })
      const stored = storedResults(prepared, result)
      const created = prepared.filter((_, index) => isNew(result, index))
      worker.wakeFor(created.map(({ id }) => id))
      if (events.has('delivery.created')) for (const { row } of created) events.emit('delivery.created', eventOf(row))
      return stored
    },
    async hold(prepared) {
      if (!keys.known) await keys.ensure()
      const now = clock.now()
      const result = await store.add({ rows: prepared.map(({ row }) => row), now, heldUntil: now + heldMs })
      if ('conflict' in result) throw new IdempotencyConflictError(result.conflict.id)
      return heldDeliveries(prepared, result, { store, clock, events, wake: () => worker.wake() })
    },
    async send(request, storing) {
      const [stored] = await engine.store([prepare(request)], storing)
      if (stored === undefined) throw new TypeError('The store did not return the delivery that was added')
      return { id: stored.id, url: stored.url }
    },
    async call(request) {
      if (!keys.known) await keys.ensure()
      return callOnce(request, { ...parts, ...limits, attemptHeaders: options.attemptHeaders })
    },
    newId: parts.makeId,
    judgeUrl: url => parts.policy.judgeUrl(url),
    ...createRecipientSecrets({ store, keys, signer, clock }),
    isOwnLoop: cdnLoop => isOwnLoop(cdnLoop, signer.masterSecrets),
    publicKeys: signer.publicKeys,
    deliveries,
    destinations,
    on: events.on,
    async start() {
      ends = false
      await askToStart(parts)
      if ((options.worker ?? true) && !ends) worker.start()
    },
    stopClaiming() {
      ends = true
      worker.stopClaiming()
    },
    async close({ graceMs = defaultGraceMs } = {}) {
      ends = true
      const endsAt = performance.now() + graceMs + leastRecordMs
      const answers = await worker.stop(graceMs)
      parts.measuring.end()
      const leftMs = answers ? Math.max(endsAt - performance.now(), leastCloseMs) : 0
      try {
        const closes = Promise.try(() => store.close({ graceMs: leftMs }))
        if (!(await endsWithin(closes, leftMs + leastCloseMs)))
          log.error(`The delivery store "${store.location}" did not close in time and was abandoned`)
      } finally {
        // What it has left are idle connections
        if (options.transport === undefined) await endsWithin(transport.close(), leastCloseMs)
      }
    },
    deliverDue: () => worker.runDue(),
  }
  return Object.freeze(engine)
}

/** The pieces that an engine is put together from. */
function createParts(options: DeliveryOptions) {
  const { store, clock = systemClock, random = Math.random, onResponse, onFailed } = options
  const log = fittingLog(options.log ?? consoleLog)
  const policy = createDestinationPolicy({ ...options.destinations, ownOrigins: options.ownOrigins ?? [] })
  const concurrency = attemptConcurrency(options)
  // Whoever allows more attempts to one origin at a time wants their connections kept between them
  const idleConnections = { perOrigin: Math.max(8, concurrency.perOrigin) }
  const transport = options.transport ?? createGuardedTransport({ policy, clock, idleConnections })
  const limits = limitsOf(options)
  const signer = createDeliverySigner(options.signing)
  const { masterSecrets } = signer
  const keys = new StoreKeys(store, masterSecrets)
  const events = createEmitter(log)
  const makeId = createIdMaker(clock)
  const responseCheck = createResponseCheck(log)
  const settledHandlers = new SettledHandlers({ store, clock, log, onResponse, onFailed, masterSecrets })
  const worker = new DeliveryWorker({
    ...{ store, keys, clock, log, random, transport, signer, events, responseCheck },
    responseLimitBytes: limits.responseLimitBytes,
    attemptHeaders: options.attemptHeaders,
    leaseMarginMs,
    settledHandlers,
    handlers: new HandlerRuns(clock, log, [settledHandlers, ...outageHandlers(options, clock)]),
    concurrency,
    ratePerSecond: options.ratePerSecond,
    retention: retentionOf(options),
    replays: new ReplayWork({ store, clock, makeId, log }),
  })
  const retryDelaysSeconds = options.retryDelaysSeconds ?? defaultRetryDelaysSeconds
  const { sealBodies = false, finalStatuses = defaultFinalStatuses } = options
  const preparing = { clock, makeId, masterSecrets, retryDelaysSeconds, finalStatuses, sealBodies, ...limits }
  const deliveries = createDeliveries({ store, clock, makeId, masterSecrets, wake: () => worker.wake() })
  const { ratePerSecond } = options
  const destinations = createDestinations({ store, clock, ratePerSecond, wake: () => worker.wake() })
  const line = new CallLine(
    clock,
    checkedConcurrency('callConcurrency', options.callConcurrency, { total: 64, perOrigin: 8 }),
  )
  const outside = { store, keys, clock, log, policy, transport, signer, events, line }
  const measuring = new Measuring({ events, clock, deliveries })
  return { ...outside, makeId, responseCheck, worker, deliveries, destinations, measuring, limits, preparing }
}

/** A store that only does not answer now does no harm: whatever stores or sends asks again. */
async function askToStart({
  keys,
  log,
  measuring,
}: Pick<ReturnType<typeof createParts>, 'keys' | 'log' | 'measuring'>) {
  measuring.begin()
  try {
    await keys.ensure()
  } catch (error) {
    const passes = error instanceof StoreUnavailableError ? !error.lasting : error instanceof StoreOutcomeUnknownError
    if (!passes) throw error
    log.error('The delivery store does not answer; nothing is stored or sent until it does', { error })
  }
}

function outageHandlers({ store, onOutage, outageAfterSeconds = 3_600 }: DeliveryOptions, clock: Clock) {
  if (onOutage === undefined) return []
  return [new OutageHandlers({ store, clock, onOutage, outageAfterMs: outageAfterSeconds * 1_000 })]
}

/** A slot without a socket would only use up the time of its attempt. */
function attemptConcurrency({ concurrency, transport }: DeliveryOptions): Concurrency {
  const { total, perOrigin } = checkedConcurrency('concurrency', concurrency, { total: 1_024, perOrigin: 8 })
  return { total: transport === undefined ? Math.min(total, defaultSocketLimit()) : total, perOrigin }
}

function limitsOf({ timeoutMs, payloadLimitBytes, responseLimitBytes }: DeliveryOptions) {
  return {
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    payloadLimitBytes: payloadLimitBytes ?? 262_144,
    responseLimitBytes: responseLimitBytes ?? 65_536,
  }
}

function retentionOf({ retention }: DeliveryOptions): Retention {
  return {
    bytesMs: (retention?.bytesDays ?? 7) * dayMs,
    rowsMs: (retention?.rowsDays ?? 30) * dayMs,
    failedMs: (retention?.failedDays ?? 90) * dayMs,
  }
}

async function findRepeated(store: DeliveryStore, { row, url }: PreparedDelivery): Promise<KnownDelivery | undefined> {
  const { operation, callback, destination, recipient, idempotencyKey, digest } = row
  if (idempotencyKey === undefined) return undefined
  const found = await store.find({ operation, callback, destination, recipient, idempotencyKey })
  if (found === undefined) return undefined
  if (found.digest !== digest) throw new IdempotencyConflictError(found.id)
  return { id: found.id, url, held: found.held }
}

/** Whether it is due by this: nobody was told of it before. */
function isNew(result: AddResult, index: number): boolean {
  const added = 'added' in result ? result.added[index] : undefined
  return added !== undefined && (!added.repeated || added.released === true)
}

function storedResults(prepared: readonly PreparedDelivery[], result: AddResult): readonly StoredResult[] {
  if ('conflict' in result) throw new IdempotencyConflictError(result.conflict.id)
  return result.added.map(({ id, repeated }, index) => ({ id, url: prepared[index]?.url ?? '', repeated }))
}
