import { type Clock, systemClock } from '../clock.ts'
import { checkNames } from '../definition/check-names.ts'
import { defaultFinalStatuses } from '../definition/final-statuses.ts'
import { createDestinationPolicy } from '../destination/policy.ts'
import { defaultSocketLimit } from '../destination/transport/default-socket-limit.ts'
import { createGuardedTransport } from '../destination/transport/guarded-transport.ts'
import { endsWithin } from '../ends-within.ts'
import { fittingLog } from '../log/fitting-log.ts'
import { consoleLog } from '../log/log.ts'
import { eventOf, leaseMarginMs } from './attempt/attempt-runner.ts'
import { CallLine } from './attempt/call-line.ts'
import { callOnce } from './attempt/call-once.ts'
import { isOwnLoop } from './attempt/own-loop.ts'
import { createResponseCheck } from './attempt/response-check.ts'
import { defaultRetryDelaysSeconds, defaultTimeoutMs } from './attempt/retry-schedule.ts'
import { createBackground } from './background/create-background.ts'
import { type Concurrency, checkedConcurrency } from './check-concurrency.ts'
import { checkDeliveryValues } from './check-delivery-options.ts'
import { createDeliveries } from './deliveries.ts'
import type { DeliveryEngine, KnownDelivery, StoredResult } from './delivery-engine.ts'
import { createEmitter } from './delivery-events.ts'
import { createIdMaker } from './delivery-id.ts'
import { DELIVERY_NAMES, type DeliveryOptions } from './delivery-options.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { AddResult, DeliveryStore } from './delivery-store.ts'
import { DeliveryWorker, leastRecordMs } from './delivery-worker.ts'
import { createDestinations } from './destinations.ts'
import { createEndpoints } from './endpoints/create-endpoints.ts'
import { createMessages } from './endpoints/create-messages.ts'
import { endpointNumber, healthRulesOf } from './endpoints/endpoint-rules.ts'
import { NoticeHandlers } from './endpoints/notice-handlers.ts'
import { createTestEndpoint } from './endpoints/test-endpoint.ts'
import { noWebhooks, type WebhookCatalogue } from './endpoints/webhook-catalogue.ts'
import { HandlerRuns } from './handlers/handler-runs.ts'
import { OutageHandlers } from './handlers/outage-handlers.ts'
import { SettledHandlers } from './handlers/settled-handlers.ts'
import { heldDeliveries, heldMs } from './held-deliveries.ts'
import { IdempotencyConflictError } from './idempotency-conflict-error.ts'
import { createDeliverySigner } from './keys/delivery-signer.ts'
import { createRecipientSecrets } from './keys/recipient-secrets.ts'
import { StoreKeys } from './keys/store-keys.ts'
import { type PreparedDelivery, prepareDelivery } from './prepare-delivery.ts'
import { StoreOutcomeUnknownError } from './store-outcome-unknown-error.ts'
import { StoreUnavailableError } from './store-unavailable-error.ts'
import type { Retention } from './stored-delivery.ts'
import { Measuring } from './telemetry/metrics.ts'
import type { NeverStarted } from './unsent/never-started.ts'

const dayMs = 86_400_000
const defaultGraceMs = 10_000
/** The least time for closing a store that answers. */
const leastCloseMs = 500

/**
 * Makes a delivery engine. Requests are stored, signed (Standard Webhooks), sent through the guard at least once, and
 * sent again on a schedule until the receiver accepts them.
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
  return createEngine(options)
}

/**
 * The same for an application, whose start begins before that of its engine. An engine alone may be a job that runs once,
 * and stores before it sends: it needs no start.
 */
export function createEngine(
  options: DeliveryOptions,
  neverStarted?: NeverStarted,
  catalogue: WebhookCatalogue = noWebhooks,
): DeliveryEngine {
  checkDeliveryValues(options)
  const parts = createParts(options, catalogue)
  const { store, clock, signer, events, worker, deliveries, destinations, limits, keys } = parts
  const prepare = (request: DeliveryRequest) => prepareDelivery(request, parts.preparing)
  /** Whether the engine was told to end, perhaps while `start` still waited for the store. */
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
      if (created.length > 0) neverStarted?.stored()
      if (created.some(({ row }) => row.webhook !== undefined)) parts.fanouts.wake()
      worker.wakeFor(created.map(({ id }) => id))
      if (events.has('delivery.created')) for (const { row } of created) events.emit('delivery.created', eventOf(row))
      return stored
    },
    async hold(prepared) {
      if (!keys.known) await keys.ensure()
      const now = clock.now()
      const result = await store.add({ rows: prepared.map(({ row }) => row), now, heldUntil: now + heldMs })
      if ('conflict' in result) throw new IdempotencyConflictError(result.conflict.id)
      neverStarted?.stored()
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
    ...createRecipientSecrets({ store, keys, clock }, signer),
    isOwnLoop: cdnLoop => isOwnLoop(cdnLoop, signer.masterSecrets),
    publicKeys: signer.publicKeys,
    deliveries,
    destinations,
    endpoints: parts.endpoints,
    messages: parts.messages,
    on: events.on,
    async start() {
      ends = false
      await askToStart(parts)
      if ((options.worker ?? true) && !ends) worker.start()
    },
    get workerLateMs() {
      return worker.lateMs
    },
    stopClaiming() {
      ends = true
      worker.stopClaiming()
    },
    async close({ graceMs = defaultGraceMs } = {}) {
      ends = true
      await closeParts(parts, graceMs, options.transport === undefined)
    },
    deliverDue: () => worker.runDue(),
  }
  return Object.freeze(engine)
}

/** The transport is closed where it is ours. */
async function closeParts(parts: EngineParts, graceMs: number, transportIsOurs: boolean): Promise<void> {
  const endsAt = performance.now() + graceMs + leastRecordMs
  const answers = await parts.worker.stop(graceMs)
  parts.measuring.end()
  const leftMs = answers ? Math.max(endsAt - performance.now(), leastCloseMs) : 0
  try {
    await closeStore(parts, leftMs)
  } finally {
    // What it has left are idle connections
    if (transportIsOurs) await endsWithin(parts.transport.close(), leastCloseMs)
  }
}

async function closeStore({ store, log }: EngineParts, graceMs: number): Promise<void> {
  const closes = Promise.try(() => store.close({ graceMs }))
  if (await endsWithin(closes, graceMs + leastCloseMs)) return
  log.error(`The delivery store "${store.location}" did not close in time and was abandoned`)
}

type EngineParts = ReturnType<typeof createParts>

/** The parts of an engine. */
function createParts(options: DeliveryOptions, catalogue: WebhookCatalogue) {
  const base = createBase(options)
  const { store, clock, makeId, masterSecrets, policy } = base
  const { worker, fanouts } = createWorker(options, base, catalogue)
  const { ratePerSecond, attemptHeaders } = options
  const wake = () => worker.wake()
  const line = new CallLine(
    clock,
    checkedConcurrency('callConcurrency', options.callConcurrency, { total: 64, perOrigin: 8 }),
  )
  const deliveries = createDeliveries({ store, clock, makeId, masterSecrets, wake })
  const endpoints = createEndpoints({
    ...{ ...base, catalogue },
    createTest: registry => createTestEndpoint(registry, { ...base, line, attemptHeaders }),
    maxPerOwner: endpointNumber('maxPerOwner', options.endpoints),
    overlapSeconds: endpointNumber('overlapSeconds', options.endpoints),
    webhookMs: retentionOf(options).webhookMs,
    judgeUrl: url => policy.judgeUrl(url),
    wake() {
      fanouts.wake()
      worker.wake()
    },
  })
  return {
    ...{ ...base, line, worker, fanouts, deliveries, endpoints },
    destinations: createDestinations({ store, clock, wake }, ratePerSecond),
    messages: createMessages({ store, clock, masterSecrets }),
    measuring: new Measuring({ events: base.events, clock, deliveries }),
  }
}

/** What all parts work with. */
function createBase(options: DeliveryOptions) {
  const { store, clock = systemClock, sealBodies = false, finalStatuses = defaultFinalStatuses } = options
  const { retryDelaysSeconds = defaultRetryDelaysSeconds } = options
  const log = fittingLog(options.log ?? consoleLog)
  const policy = createDestinationPolicy({ ...options.destinations, ownOrigins: options.ownOrigins ?? [] })
  const concurrency = attemptConcurrency(options)
  // An application that allows more attempts at a time to one origin wants to keep their connections in between
  const idleConnections = { perOrigin: Math.max(8, concurrency.perOrigin) }
  const transport = options.transport ?? createGuardedTransport({ policy, clock, idleConnections })
  const limits = limitsOf(options)
  const signer = createDeliverySigner(options.signing)
  const { masterSecrets } = signer
  const keys = new StoreKeys(store, masterSecrets)
  const events = createEmitter(log)
  const makeId = createIdMaker(clock)
  const responseCheck = createResponseCheck(log)
  const preparing = { clock, makeId, masterSecrets, retryDelaysSeconds, finalStatuses, sealBodies, ...limits }
  const outside = { store, clock, log, policy, transport, concurrency, keys, events }
  return { ...outside, signer, masterSecrets, makeId, responseCheck, limits, preparing }
}

/** What sends, and what makes more to be sent. */
function createWorker(options: DeliveryOptions, base: ReturnType<typeof createBase>, catalogue: WebhookCatalogue) {
  const { store, clock, log, events, makeId, masterSecrets, limits, preparing } = base
  const { onResponse, onFailed, random = Math.random, endpoints = {} } = options
  const settledHandlers = new SettledHandlers({ store, clock, log, onResponse, onFailed, masterSecrets })
  const wake = () => worker.wake()
  const { pace, fanouts, replays, purge } = createBackground(
    { store, clock, log, makeId, wake },
    { random, catalogue, retention: retentionOf(options) },
  )
  const notices = new NoticeHandlers({
    ...{ store, clock, catalogue, endpoints, events },
    async send(request) {
      await store.add({ rows: [prepareDelivery(request, preparing).row], now: clock.now() })
      fanouts.wake()
      wake()
    },
  })
  const worker = new DeliveryWorker({
    ...{ ...base, random, settledHandlers, leaseMarginMs },
    responseLimitBytes: limits.responseLimitBytes,
    attemptHeaders: options.attemptHeaders,
    healthRules: healthRulesOf(endpoints),
    handlers: new HandlerRuns(clock, log, [
      settledHandlers,
      ...outageHandlers(options, clock),
      ...(catalogue.events.size > 0 ? [notices] : []),
    ]),
    ratePerSecond: options.ratePerSecond,
    background: { pace, makers: [fanouts, replays], purge },
  })
  return { worker, fanouts }
}

/**
 * A store that just does not answer at the moment does not stop the start: everything that stores or sends asks it
 * again.
 */
async function askToStart({ keys, log, measuring }: EngineParts): Promise<void> {
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
    webhookMs: (retention?.webhookDays ?? 14) * dayMs,
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

/** Whether the delivery became due just now, so that listeners have not been told of it yet. */
function isNew(result: AddResult, index: number): boolean {
  const added = 'added' in result ? result.added[index] : undefined
  return added !== undefined && (!added.repeated || added.released === true)
}

function storedResults(prepared: readonly PreparedDelivery[], result: AddResult): readonly StoredResult[] {
  if ('conflict' in result) throw new IdempotencyConflictError(result.conflict.id)
  return result.added.map(({ id, repeated }, index) => ({ id, url: prepared[index]?.url ?? '', repeated }))
}
