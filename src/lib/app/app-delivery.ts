import type { CallbackRuntime, CurrentDeliveries, SkippedCallback } from '../callback/callback-runtime.ts'
import { type Clock, systemClock } from '../clock.ts'
import { createEngine } from '../delivery/create-delivery.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import { checkListener, type DeliveryEvents, type DeliveryListener } from '../delivery/delivery-events.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import type { Destinations } from '../delivery/destinations.ts'
import type { EndpointOptions, Endpoints } from '../delivery/endpoints/endpoint.ts'
import type { WebhookMessages } from '../delivery/endpoints/messages.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import type { TestSender } from '../delivery/test-send/test-sender.ts'
import { NeverStarted } from '../delivery/unsent/never-started.ts'
import { noDeliveryEngine } from '../delivery/unsent/no-delivery-engine.ts'
import { runtimeWithoutDelivery } from '../delivery/unsent/runtime-without-delivery.ts'
import type { Transport } from '../destination/transport/transport.ts'
import type { DestinationVerdict } from '../destination/verdict.ts'
import type { Log } from '../log/log.ts'
import { isPostgresUrl } from '../store/postgres-url.ts'
import { storeAndSigning } from './default-delivery.ts'
import { currentDeliveries, currentDestinations } from './delivery/current-deliveries.ts'
import { DeliveryInUse } from './delivery/delivery-in-use.ts'
import { EventSubscriptions } from './event-subscriptions.ts'
import { onFailedOf } from './handlers/on-failed.ts'
import { onResponseOf } from './handlers/on-response.ts'
import type { OperationList } from './operation-list.ts'
import { ownOrigins } from './own-origins.ts'
import { recipientWarnings } from './recipient-warnings.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { currentEndpoints, currentMessages } from './webhooks/current-endpoints.ts'
import { webhookCatalogue } from './webhooks/webhook-catalogue.ts'
import type { WebhookList } from './webhooks/webhook-list.ts'

/** The stand-ins of a test for the real parts. */
export interface DeliveryStandIns {
  readonly clock: Clock
  readonly transport: Transport
  /** Used instead of the application's own, which is not even looked at. */
  readonly store: DeliveryStore
  readonly masterSecret: string
  readonly onSkipped: (skipped: SkippedCallback) => void
}

/** The deliveries of an application: its engine, made at its first use, and what else callbacks need. */
export class AppDelivery implements CallbackRuntime {
  readonly operations: OperationList
  readonly webhooks: WebhookList
  readonly log: Log
  readonly current: CurrentDeliveries
  /** Reports that something is sent without a recipient. */
  readonly withoutRecipient: (operationId: string) => void
  /** What was stored, and what to do about it. */
  readonly deliveries: Deliveries = currentDeliveries(() => this.engine.deliveries)
  /** Where it goes, and what to do about it. */
  readonly destinations: Destinations = currentDestinations(() => this.engine.destinations)
  /** Where webhooks go. */
  readonly endpoints: Endpoints = currentEndpoints(() => this.engine.endpoints)
  /** What was sent to them. */
  readonly messages: WebhookMessages = currentMessages(() => this.engine.messages)
  readonly #options: RingbackOptions
  readonly #subscriptions = new EventSubscriptions()
  readonly #neverStarted: NeverStarted
  #allowed: readonly string[] = []
  #work: Pick<DeliveryOptions, 'worker' | 'concurrency'> | undefined
  #standIns: DeliveryStandIns | undefined
  #running: DeliveryInUse | undefined
  /** The application's own engine while a test has replaced it. */
  #own: DeliveryInUse | undefined
  #storeLocation: string | undefined

  constructor(options: RingbackOptions, operations: OperationList, log: Log, current: CurrentDeliveries) {
    this.#options = options
    this.operations = operations
    this.webhooks = operations.webhooks
    this.log = log
    this.current = current
    this.withoutRecipient = recipientWarnings(operations, log)
    this.#neverStarted = new NeverStarted(log, options.delivery?.worker ?? true)
  }

  /** Where the store is, once one is in use. */
  get storeLocation(): string | undefined {
    return this.#storeLocation
  }

  get clock(): Clock {
    return this.#standIns?.clock ?? systemClock
  }

  /** Made at the first call. */
  get engine(): DeliveryEngine {
    return this.#inUse().engine
  }

  get transaction(): unknown {
    return this.#inUse().transaction
  }

  judgeBase(base: string): DestinationVerdict {
    return this.#inUse().judgeBase(base)
  }

  /** The master secret that all keys are derived from now. */
  get masterSecret(): string {
    return this.#inUse().masterSecret
  }

  /** Sends what the page of the documentation tries out. */
  get testSender(): TestSender {
    return this.#inUse().testSender
  }

  onSkipped(skipped: SkippedCallback): void {
    const what = skipped.operation === '' ? 'No endpoint wants a webhook' : 'A callback has no URL and was skipped'
    this.log.debug(what, { ...skipped })
    this.#standIns?.onSkipped(skipped)
  }

  /** Registers a listener without making the engine, and gives back what removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void {
    checkListener(name, listener)
    const outside: typeof listener = event => this.#outside(() => listener(event))
    return this.#subscriptions.on(name, outside, this.#running?.engine)
  }

  /** Allows further destinations, before first use. */
  allow(hosts: readonly string[]): void {
    this.#allowed = hosts
    this.#running = undefined
  }

  /** Sends in this process whatever the application says, with so many attempts at once where it is given, before first use. */
  work(attempts: number | undefined): void {
    const { concurrency } = this.#options.delivery ?? {}
    this.#work =
      attempts === undefined ? { worker: true } : { worker: true, concurrency: { ...concurrency, total: attempts } }
    this.#running = undefined
  }

  /** Puts stand-ins in place of all parts, or the application's own parts back. */
  standIn(parts: DeliveryStandIns | undefined): void {
    if (this.#standIns === undefined) this.#own = this.#running
    this.#standIns = parts
    this.#running = parts === undefined ? this.#own : undefined
  }

  /** The application starts: what is stored from now on is sent. */
  starting(): void {
    this.#neverStarted.started()
  }

  /**
   * Begins to deliver. Rejects where the store or its files are not what they should be, and names the variable that
   * points to them.
   */
  async start(): Promise<void> {
    const configured = process.env['RINGBACK_STORE']
    try {
      await this.engine.start()
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || !configured || this.#options.delivery?.store !== undefined)
        throw error
      // An URL may hold a password.
      const shown = isPostgresUrl(configured) ? `names ${this.#storeLocation}` : `is "${configured}"`
      throw new StoreUnavailableError(`${error.reason} (RINGBACK_STORE ${shown})`, {
        cause: error,
        lasting: error.lasting,
      })
    }
  }

  /** Asks the store for something small, where it is in use. Rejects where it does not answer. */
  async reach(): Promise<void> {
    await this.#running?.engine.deliveries.paused()
  }

  /** For how long the worker has owed its turn. */
  get workerLateMs(): number {
    return this.#running?.engine.workerLateMs ?? 0
  }

  /** Stops beginning attempts, before requests and background work are waited for. */
  stopClaiming(): void {
    this.#running?.engine.stopClaiming()
  }

  /** Ends the attempts on their way and closes the store. */
  async close(graceMs?: number): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.close(graceMs)
  }

  #inUse(): DeliveryInUse {
    this.#running ??= this.#create()
    return this.#running
  }

  #create(): DeliveryInUse {
    const runtime = runtimeWithoutDelivery()
    const parts = runtime === undefined ? this.#storeAndSigning() : undefined
    const engine = parts === undefined ? this.#refuseAll(runtime!) : this.#createEngine(parts)
    this.#subscriptions.attachTo(engine)
    const { clock } = this
    return new DeliveryInUse(engine, parts, { clock, transport: this.#standIns?.transport, ...this.#judging() })
  }

  #storeAndSigning() {
    const standIns = this.#standIns
    const parts =
      standIns === undefined ? storeAndSigning(this.#options.delivery ?? {}, this.log) : standInsOf(standIns)
    this.#storeLocation = parts.store.location
    return parts
  }

  #createEngine(parts: Pick<DeliveryOptions, 'store' | 'signing'>): DeliveryEngine {
    const { clock, log } = this
    const { delivery = {}, endpoints } = this.#options
    const { destinations: _ours, recipient: _ofTheApp, storeLimitBytes: _ofTheStore, ...options } = delivery
    const { onOutage, attemptHeaders } = options
    const onResponse = onResponseOf(this.operations, log)
    const onFailed = onFailedOf(this.operations, log, delivery.onFailed)
    return createEngine(
      {
        ...options,
        ...this.#work,
        ...parts,
        ...this.#judging(),
        clock,
        log,
        onResponse: (response, delivery) => this.#outside(() => onResponse(response, delivery)),
        onFailed: delivery => this.#outside(() => onFailed(delivery)),
        ...(endpoints && { endpoints: this.#toldOutside(endpoints) }),
        ...(attemptHeaders && { attemptHeaders: attempt => this.#outside(() => attemptHeaders(attempt)) }),
        ...(onOutage && { onOutage: destination => this.#outside(() => onOutage(destination)) }),
      },
      this.#standIns === undefined ? this.#neverStarted : undefined,
      webhookCatalogue(this.webhooks, clock),
    )
  }

  #toldOutside({ onFailing, onDisabled, onRecovered, ...numbers }: EndpointOptions): EndpointOptions {
    return {
      ...numbers,
      ...(onFailing && { onFailing: notice => this.#outside(() => onFailing(notice)) }),
      ...(onDisabled && { onDisabled: notice => this.#outside(() => onDisabled(notice)) }),
      ...(onRecovered && { onRecovered: notice => this.#outside(() => onRecovered(notice)) }),
    }
  }

  #refuseAll(runtime: string): DeliveryEngine {
    return noDeliveryEngine(runtime, { log: this.log, ...this.#judging() })
  }

  /** What the guard has to know. */
  #judging(): Required<Pick<DeliveryOptions, 'destinations' | 'ownOrigins'>> {
    const { delivery: { destinations = {} } = {}, servers } = this.#options
    const allow = [...(destinations.allow ?? []), ...this.#allowed]
    return { destinations: { ...destinations, allow }, ownOrigins: ownOrigins(servers) }
  }

  /** The worker runs in the context of the request that woke it, but what it calls is not part of that request. */
  #outside<T>(fn: () => T): T {
    return this.current.run(undefined, fn)
  }
}

/** A test decides itself when deliveries go out. */
const standInsOf = ({ transport, store, masterSecret }: DeliveryStandIns) => {
  return { transport, store, signing: { masterSecret }, worker: false }
}
