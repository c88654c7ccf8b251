import { declaredAnswer } from '../callback/call-now.ts'
import type { CallbackRuntime, SkippedCallback } from '../callback/callback-runtime.ts'
import type { CurrentDeliveries } from '../callback/request-deliveries.ts'
import { type Clock, systemClock } from '../clock.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { createDelivery, type DeliveryEngine, type DeliveryOptions } from '../delivery/create-delivery.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import { checkListener, type DeliveryEvents, type DeliveryListener } from '../delivery/delivery-events.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import type { DeliveryResponse, RespondedDelivery } from '../delivery/response-handlers.ts'
import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'
import type { Transport } from '../destination/transport/transport.ts'
import { decodeJson } from '../json/decode-json.ts'
import type { Log } from '../log/log.ts'
import { memoize } from '../memoize.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { defaultLocation } from '../store/default-location.ts'
import { defaultMasterSecret } from '../store/default-master-secret.ts'
import { usableEnvironmentSecrets } from '../store/environment-master-secrets.ts'
import { refuseIrregularStore } from '../store/files/refuse-irregular.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import { refuseUsedStore } from '../store/sqlite/thread/refuse-used-store.ts'
import { currentDeliveries } from './current-deliveries.ts'
import type { OperationList } from './operation-list.ts'
import type { AppDeliveryOptions } from './ringback-options.ts'

/** What a test puts in place of the real parts. */
export interface DeliveryStandIns {
  readonly clock: Clock
  readonly transport: Transport
  /** In place of the application's own, which is not even looked at. */
  readonly store: DeliveryStore
  readonly masterSecret: string
  readonly onSkipped: (skipped: SkippedCallback) => void
}

/** A listener of events, which stays when another engine takes the place of the first. */
interface Subscription {
  readonly attach: (engine: DeliveryEngine) => () => void
  detach: () => void
}

/** Makes the delivery engine of an application at its first use, and finds `onResponse` for it. */
export class AppDelivery {
  readonly #options: AppDeliveryOptions
  readonly #ownOrigins: readonly string[]
  readonly #operations: OperationList
  readonly #log: Log
  readonly #current: CurrentDeliveries
  readonly #subscriptions = new Set<Subscription>()
  /** The operations that have sent something without a recipient. */
  readonly #warned = new Set<string>()
  #allowed: readonly string[] = []
  #standIns: DeliveryStandIns | undefined
  #runtime: CallbackRuntime | undefined
  /** That of the application, while a test stands in. */
  #ownRuntime: CallbackRuntime | undefined
  #storeLocation: string | undefined

  constructor(
    options: AppDeliveryOptions,
    ownOrigins: readonly string[],
    operations: OperationList,
    log: Log,
    current: CurrentDeliveries,
  ) {
    this.#current = current
    this.#options = options
    this.#ownOrigins = ownOrigins
    this.#operations = operations
    this.#log = log
  }

  /** Where the store is, once one is in use. */
  get storeLocation(): string | undefined {
    return this.#storeLocation
  }

  /** Everything callbacks need; made at the first call. */
  readonly runtime = (): CallbackRuntime => {
    this.#runtime ??= this.#create()
    return this.#runtime
  }

  /** What was stored, and what to do about it. */
  readonly deliveries: Deliveries = currentDeliveries(() => this.runtime().engine.deliveries)

  /** Registers a listener without making the engine, and gives back what removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void {
    checkListener(name, listener)
    const outside: typeof listener = event => this.#outside(() => listener(event))
    const subscription: Subscription = { attach: engine => engine.on(name, outside), detach: () => {} }
    this.#subscriptions.add(subscription)
    if (this.#runtime !== undefined) subscription.detach = subscription.attach(this.#runtime.engine)
    return () => {
      this.#subscriptions.delete(subscription)
      subscription.detach()
    }
  }

  /** Allows further destinations, before first use. */
  allow(hosts: readonly string[]): void {
    this.#allowed = hosts
    this.#runtime = undefined
  }

  /** Puts stand-ins in place of all parts, or the application's own parts back. */
  standIn(parts: DeliveryStandIns | undefined): void {
    if (this.#standIns === undefined) this.#ownRuntime = this.#runtime
    this.#standIns = parts
    this.#runtime = parts === undefined ? this.#ownRuntime : undefined
  }

  /**
   * Begins to deliver. Rejects where the store or its files are not what they seem, with the name of the variable that leads
   * there.
   */
  async start(): Promise<void> {
    const configured = process.env['RINGBACK_STORE']
    try {
      await this.runtime().engine.start()
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || !configured || this.#options.store !== undefined) throw error
      throw new StoreUnavailableError(`${error.reason} (RINGBACK_STORE is "${configured}")`, {
        cause: error,
        lasting: error.lasting,
      })
    }
  }

  /** Begins no more attempts, before requests and background work are waited for. */
  stopClaiming(): void {
    this.#runtime?.engine.stopClaiming()
  }

  /** Ends attempts on their way and lets go of the store. */
  async close(graceMs?: number): Promise<void> {
    const runtime = this.#runtime
    this.#runtime = undefined
    await runtime?.engine.close(graceMs === undefined ? {} : { graceMs })
  }

  #create(): CallbackRuntime {
    const standIns = this.#standIns
    const log = this.#log
    const { destinations = {}, recipient, storeLimitBytes: _ofTheStore, ...options } = this.#options
    const clock = standIns?.clock ?? systemClock
    const storeAndSigning = this.#storeAndSigning()
    this.#storeLocation = storeAndSigning.store.location
    const engine: DeliveryEngine = createDelivery({
      ...options,
      ...storeAndSigning,
      destinations: { ...destinations, allow: [...(destinations.allow ?? []), ...this.#allowed] },
      // A test says itself when deliveries go out.
      ...(standIns !== undefined && { transport: standIns.transport, worker: false }),
      clock,
      log,
      ownOrigins: this.#ownOrigins,
      onResponse: (response, delivery) => this.#outside(() => this.#onResponse(response, delivery)),
    })
    for (const subscription of this.#subscriptions) subscription.detach = subscription.attach(engine)
    const onSkipped = (skipped: SkippedCallback): void => {
      log.debug('A callback has no URL and was skipped', { ...skipped })
      standIns?.onSkipped(skipped)
    }
    const judgeBase = memoize(1_000, engine.judgeUrl, { ms: 5_000, clock })
    return { engine, clock, log, judgeBase, onSkipped, withoutRecipient: this.#withoutRecipient }
  }

  /** The worker runs in the context of whoever woke it: what it calls is no part of that request. */
  #outside<T>(fn: () => T): T {
    return this.#current.run(undefined, fn)
  }

  /** Who can be told apart should be: otherwise one caller's URL is signed for as well as another's. */
  readonly #withoutRecipient = (operationId: string): void => {
    if (this.#warned.has(operationId)) return
    this.#warned.add(operationId)
    const secured = this.#operations.byId(operationId)?.allDependencies.some(({ security }) => security !== undefined)
    if (secured)
      this.#log.warn(
        'A callback is sent without a recipient, though its operation knows the caller: any other caller who names the same URL sends messages there with the same signature; give "delivery.recipient", or "recipient" to "send"',
        { operation: operationId },
      )
  }

  #storeAndSigning(): Pick<DeliveryOptions, 'store' | 'signing'> {
    const standIns = this.#standIns
    if (standIns !== undefined) return { store: standIns.store, signing: { masterSecret: standIns.masterSecret } }
    const { store, signing } = this.#options
    const given = signing ?? environmentSigning()
    if (store !== undefined) {
      if (this.#options.storeLimitBytes !== undefined)
        throw new DefinitionError(
          '"delivery.storeLimitBytes" is for the default store: give it to the store that you made',
        )
      if (given !== undefined) return { store, signing: given }
      throw new DefinitionError(
        'A store of your own needs a master secret: give "delivery.signing.masterSecret" or set RINGBACK_MASTER_SECRET',
      )
    }
    return this.#defaultStoreAndSigning(given)
  }

  #defaultStoreAndSigning(given: DeliveryOptions['signing'] | undefined): Pick<DeliveryOptions, 'store' | 'signing'> {
    const { path, masterSecretPath, temporary } = defaultLocation({
      entryFile: process.argv[1],
      configured: process.env['RINGBACK_STORE'],
      workingDirectory: process.cwd(),
    })
    refuseIrregularStore(path)
    if (temporary) this.#log.warn(`The delivery store ${path} is on a temporary file system and may be lost with it`)
    const signing = given ?? { masterSecret: this.#defaultSecret(path, masterSecretPath) }
    const { storeLimitBytes } = this.#options
    const store = sqliteStore({ path, log: this.#log, ...(storeLimitBytes !== undefined && { storeLimitBytes }) })
    return { store, signing }
  }

  #defaultSecret(path: string, masterSecretPath: string): string {
    return defaultMasterSecret(masterSecretPath, {
      beforeMaking: () => refuseUsedStore(path, masterSecretPath),
      warn: message => this.#log.warn(message),
    })
  }

  /** An operation whose handler function was renamed meanwhile has another id: then the callback's name tells, if it can. */
  #callbackOf({ operation, callback }: RespondedDelivery): CompiledCallback | undefined {
    const known = this.#operations.byId(operation)
    if (known === undefined) return this.#operations.onlyCallback(callback)
    return known.callbacks.find(({ name }) => name === callback)
  }

  async #onResponse(response: DeliveryResponse, delivery: RespondedDelivery): Promise<void> {
    const callback = this.#callbackOf(delivery)
    if (callback?.options.onResponse === undefined) {
      const fields = { delivery: delivery.id, operation: delivery.operation, callback: delivery.callback }
      this.#log.warn('An answer came for an "onResponse" that the code no longer has', fields)
      return
    }
    const answer = await declaredResponse(callback, response)
    await callback.options.onResponse(answer, { id: delivery.id })
  }
}

/** The answer as `onResponse` gets it: the validated body where it is as declared, else nothing. */
async function declaredResponse(callback: CompiledCallback, response: DeliveryResponse) {
  const { status, headers, body: bytes, bodyTruncated } = response
  return { status, headers: new Headers(headers), body: await validBody(callback, response), bytes, bodyTruncated }
}

async function validBody(
  callback: CompiledCallback,
  { status, body, bodyTruncated }: DeliveryResponse,
): Promise<unknown> {
  const schema = declaredAnswer(callback, status)?.body
  if (schema === undefined || bodyTruncated) return undefined
  try {
    const result = await schema.validate(decodeJson(body))
    return result.issues === undefined ? result.value : undefined
  } catch {
    return undefined
  }
}

function environmentSigning(): DeliveryOptions['signing'] | undefined {
  const masterSecret = usableEnvironmentSecrets()
  return masterSecret && { masterSecret }
}
