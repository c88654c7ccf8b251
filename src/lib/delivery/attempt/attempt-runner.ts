import type { Log } from '../../log/log.ts'
import type { DeliveryEmitter, DeliveryEvent } from '../delivery-events.ts'
import type { EndAttemptResult } from '../delivery-store.ts'
import type { HealthRules } from '../endpoints/endpoint-health.ts'
import type { HandlerRuns } from '../handlers/handler-runs.ts'
import type { SettledHandlers } from '../handlers/settled-handlers.ts'
import { sealResponse } from '../keys/kept-response.ts'
import { maskUrl } from '../mask.ts'
import { readMessage, UnreadableMessageError } from '../message.ts'
import { StoreOutcomeUnknownError } from '../store-outcome-unknown-error.ts'
import type { AttemptResult, ClaimedDelivery, StoredDelivery } from '../stored-delivery.ts'
import { AttemptHeadersError } from './attempt-headers-error.ts'
import { inAttemptSpan } from './attempt-span.ts'
import { judgeAttempt } from './judge-attempt.ts'
import type { ResponseCheck } from './response-check.ts'
import {
  type AttemptContext,
  type AttemptEnd,
  isKeyMissing,
  keyMissingMs,
  type OpenedDelivery,
  runAttempt,
} from './run-attempt.ts'
import { RunningAttempts } from './running-attempts.ts'
import { settledDelivery } from './settled-delivery.ts'

/** What is needed to run attempts. */
export interface AttemptRunnerContext extends AttemptContext {
  readonly events: DeliveryEmitter
  readonly log: Log
  readonly random: () => number
  readonly responseCheck: ResponseCheck
  readonly handlers: HandlerRuns
  readonly settledHandlers: SettledHandlers
  /** By how much a lease outlasts the time limit of its attempt. */
  readonly leaseMarginMs: number
  /** When endpoints count as failing, and are disabled. */
  readonly healthRules: HealthRules
}

/** An attempt that has ended but is not yet recorded. */
export interface EndedAttempt {
  readonly delivery: ClaimedDelivery
  readonly result: AttemptResult
  readonly durationMs: number
  /** The store did not say whether it has recorded the attempt. */
  readonly mayBeRecorded?: true
}

/** By how much a lease outlasts the time limit of its attempt by default. */
export const leaseMarginMs = 10_000

/**
 * Runs claimed deliveries, keeps the results until they are recorded, and then tells listeners, handlers and the log.
 */
export class AttemptRunner {
  readonly running = new RunningAttempts()
  readonly #context: AttemptRunnerContext
  readonly #onEnd: () => void
  #ended: EndedAttempt[] = []
  #toldKeyMissing = false
  /** Whether the log was told that headers could not be had. Reset once they could. */
  #toldHeaders = false

  constructor(context: AttemptRunnerContext, onEnd: () => void) {
    this.#context = context
    this.#onEnd = onEnd
  }

  /** How many attempts wait to be recorded. */
  get endedCount(): number {
    return this.#ended.length
  }

  takeEnded(): readonly EndedAttempt[] {
    const ended = this.#ended
    this.#ended = []
    return ended
  }

  /** Keeps attempts that could not be recorded, and for what reason. */
  putBack(ended: readonly EndedAttempt[], reason: unknown): void {
    const unsure = reason instanceof StoreOutcomeUnknownError
    this.#ended = [...ended.map(end => (unsure ? { ...end, mayBeRecorded: true as const } : end)), ...this.#ended]
  }

  /** `claimedAt` is when the claim was asked for. The lease lasts at least from then. */
  begin(delivery: ClaimedDelivery, claimedAt: number): void {
    const signal = this.running.begin(delivery)
    this.#attempt(delivery, claimedAt + delivery.timeoutMs + this.#context.leaseMarginMs, signal).then(ended => {
      this.#ended.push(ended)
      this.running.end(delivery)
      this.#onEnd()
    })
  }

  /** Tells of attempts that the store has just recorded. */
  recorded(ended: readonly EndedAttempt[], results: readonly EndAttemptResult[], now: number): void {
    for (const [index, attempt] of ended.entries()) {
      const result = results[index]
      if (result !== undefined) this.#recorded(attempt, result, now)
    }
  }

  /** Tells of a delivery that the store has given up. */
  failed(delivery: StoredDelivery): void {
    const { log, events } = this.#context
    const { state, attemptCount, reason } = delivery
    log.warn('A delivery failed', { ...namesOf(delivery), attempts: attemptCount, reason })
    const settled = { state, attemptCount, status: undefined, responseValid: undefined, reason }
    events.emit('delivery.settled', { ...eventOf(delivery), ...settled })
  }

  async #attempt(delivery: ClaimedDelivery, leaseUntil: number, signal: AbortSignal): Promise<EndedAttempt> {
    const { clock, events } = this.#context
    const startedAt = clock.now()
    if (events.has('attempt.started'))
      events.emit('attempt.started', { ...eventOf(delivery), number: delivery.attemptNumber })
    const result = await this.#result(delivery, leaseUntil, signal)
    return { delivery, result, durationMs: clock.now() - startedAt }
  }

  async #result(claimed: ClaimedDelivery, leaseUntil: number, signal: AbortSignal): Promise<AttemptResult> {
    const delivery = this.#open(claimed)
    if ('next' in delivery) return delivery
    const end = await inAttemptSpan(delivery, () => runAttempt(delivery, leaseUntil, signal, this.#context))
    if (end.response === undefined && end.fault !== undefined) this.#tellFault(delivery, end.fault)
    else this.#toldHeaders = false
    const declared = this.#isDeclared(delivery, end)
    const result = this.#judge(delivery, end, declared instanceof Promise ? await declared : declared)
    const { response } = result
    if (!delivery.isBodySealed || response === undefined) return result
    return { ...result, response: sealResponse(response, this.#context.signer.masterSecrets) }
  }

  /** Reads what a delivery carries. If that cannot be read, returns how the attempt ends. */
  #open(delivery: ClaimedDelivery): OpenedDelivery | AttemptResult {
    try {
      return { ...delivery, ...readMessage(delivery.content) }
    } catch (error) {
      if (!(error instanceof UnreadableMessageError)) throw error
      this.#tellFault(delivery, error)
      return unreadable(delivery, error, this.#context.settledHandlers.failedLeaseMs)
    }
  }

  #isDeclared(
    { responses, operation, callback }: OpenedDelivery,
    { outcome, response }: AttemptEnd,
  ): boolean | undefined | Promise<boolean | undefined> {
    if (outcome !== 'accepted') return false
    if (response.bodyTruncated) return undefined
    return this.#context.responseCheck.isDeclared(responses, response.status, response.body, { operation, callback })
  }

  #judge(delivery: OpenedDelivery, end: AttemptEnd, responseValid: boolean | undefined): AttemptResult {
    const { clock, random, settledHandlers, healthRules } = this.#context
    const { responseLeaseMs, failedLeaseMs } = settledHandlers
    return judgeAttempt(delivery, end, {
      now: clock.now(),
      random,
      responseValid,
      responseLeaseMs: delivery.hasOnResponse ? responseLeaseMs : undefined,
      failedLeaseMs,
      healthRules,
    })
  }

  #tellFault(delivery: ClaimedDelivery, error: unknown): void {
    if (error instanceof AttemptHeadersError) this.#tellHeaders(delivery, error)
    else if (!isKeyMissing(error))
      this.#context.log.error('An attempt could not be made', { error, delivery: delivery.id })
    else if (this.#toldKeyMissing) return
    else {
      this.#toldKeyMissing = true
      const text =
        'Deliveries wait because their sealed content cannot be opened: the master secret that sealed it is missing; add it after the current one in "signing.masterSecret"'
      this.#context.log.error(text, { error, delivery: delivery.id })
    }
    this.#context.events.emit('worker.error', { error })
  }

  #tellHeaders(delivery: ClaimedDelivery, error: AttemptHeadersError): void {
    if (this.#toldHeaders) return
    this.#toldHeaders = true
    this.#context.log.error('Attempts wait because their headers could not be had', { error, delivery: delivery.id })
  }

  #recorded(
    { delivery, result, durationMs, mayBeRecorded }: EndedAttempt,
    recorded: EndAttemptResult,
    now: number,
  ): void {
    const { events, log } = this.#context
    if (recorded.stale) {
      const text = mayBeRecorded
        ? 'The end of an attempt could not be recorded again: it was recorded while the store did not answer, or its lease was lost'
        : 'The end of an attempt was not recorded: it was cancelled or had lost its lease'
      log.warn(text, { delivery: delivery.id })
      return
    }
    const { response, outcome, next } = result
    const status = response?.status
    const number = delivery.attemptNumber
    if (events.has('attempt.finished'))
      events.emit('attempt.finished', { ...eventOf(delivery), number, outcome, status, durationMs })
    if (next.state !== 'scheduled' && events.has('delivery.settled')) {
      const responseValid = next.state === 'delivered' ? next.responseValid : undefined
      const reason = next.state === 'delivered' ? undefined : next.reason
      const settled = { state: next.state, attemptCount: number, status, responseValid, reason }
      events.emit('delivery.settled', { ...eventOf(delivery), ...settled })
    }
    this.#runHandler(delivery, result, now)
    if (next.state === 'failed' || next.state === 'blocked')
      log.warn(next.state === 'failed' ? 'A delivery failed' : 'A delivery is blocked', {
        ...namesOf(delivery),
        attempts: number,
        outcome,
        status,
        ...(result.error !== undefined && { reason: result.error }),
      })
    if (recorded.destination !== undefined)
      this.#destinationChanged(recorded.destination, maskUrl(delivery.destination))
  }

  #runHandler(delivery: ClaimedDelivery, { next, response, error }: AttemptResult, now: number): void {
    if (next.state === 'scheduled') return
    const leaseMs = next.state === 'delivered' ? next.responseLeaseMs : next.failedLeaseMs
    if (leaseMs === undefined) return
    const { handlers, settledHandlers } = this.#context
    const settled = settledDelivery(delivery, next, now)
    const unhandled = { delivery: settled, token: delivery.token, failures: 0, attempt: { response, error } }
    const run = settledHandlers.runOf(unhandled)
    if (run !== undefined) handlers.run(run)
  }

  #destinationChanged(change: 'opened' | 'closed', destination: string): void {
    const { events, log } = this.#context
    if (change === 'opened')
      log.warn('A destination is failing; until it responds, only probes are sent there', { destination })
    else log.info('A destination responds again', { destination })
    events.emit(`destination.${change}`, { destination })
  }
}

/** A message of a later release waits for a worker of that release. A message that nobody can read has failed. */
function unreadable(
  { id, token }: ClaimedDelivery,
  { message, isNewer }: UnreadableMessageError,
  failedLeaseMs: number | undefined,
): AttemptResult {
  return {
    id,
    token,
    outcome: 'abandoned',
    response: undefined,
    error: message,
    next: isNewer
      ? { state: 'scheduled', delayMs: keyMissingMs, usesRetry: false }
      : { state: 'failed', failedLeaseMs },
    destinationSignal: undefined,
    originSignal: undefined,
  }
}

/** What a line of the log says about a delivery. */
function namesOf({ id, operation, callback }: DeliveryEvent) {
  return { delivery: id, operation, callback }
}

/** What every event says about its delivery. */
export function eventOf(delivery: DeliveryEvent): DeliveryEvent {
  const { id, operation, callback, method, url } = delivery
  return { id, operation, callback, method, url: maskUrl(url) }
}
