import type { HealthRules, HealthSignal } from '../endpoints/endpoint-health.ts'
import type { BreakerSignal } from '../isolation/breaker.ts'
import { maskHeaders } from '../mask.ts'
import type { AttemptResponse, AttemptResult, NextStep } from '../stored-delivery.ts'
import { ownBytes } from './own-bytes.ts'
import { retryAfterMs } from './retry-after.ts'
import { retryDelayMs } from './retry-schedule.ts'
import type { AttemptEnd, OpenedDelivery } from './run-attempt.ts'

/** What else is known when the end of an attempt is judged. */
export interface JudgeContext {
  readonly now: number
  readonly random: () => number
  /** Whether a 2xx is as declared; undefined if that could not be checked, which is no reason to send again. */
  readonly responseValid: boolean | undefined
  /** How long `onResponse` may take before another worker runs it; undefined if the response need not be told. */
  readonly responseLeaseMs: number | undefined
  /** The same for `onFailed`. */
  readonly failedLeaseMs: number | undefined
  /** When endpoints count as failing, and are disabled. */
  readonly healthRules: HealthRules
}

const slowStatuses = new Set([429, 502, 503, 504])
/** The least wait after a 429 or a time-out: an earlier attempt would make things worse. */
const patientMs = 60_000

/**
 * Turns the end of an attempt into what the store records: the outcome, the next step, and the signals for the
 * breakers.
 */
export function judgeAttempt(delivery: OpenedDelivery, end: AttemptEnd, context: JudgeContext): AttemptResult {
  const retryAfter = end.response && retryAfterMs(end.response.headers['retry-after'], context.now)
  const next = nextStep(delivery, end, context, retryAfter)
  return {
    id: delivery.id,
    token: delivery.token,
    outcome: end.outcome,
    response: next.state === 'delivered' ? responseOf(end) : shortResponseOf(end),
    error: end.error,
    next,
    destinationSignal: destinationSignal(end, retryAfter),
    originSignal: originSignal(end),
    ...(delivery.endpoint !== undefined && { url: delivery.url, endpointSignal: endpointSignal(end, next, context) }),
  }
}

function responseOf({ response }: AttemptEnd): AttemptResponse | undefined {
  if (response === undefined) return undefined
  const { status, bodyTruncated, address } = response
  const headers = JSON.stringify(maskHeaders(response.headers))
  return { status, headers, body: ownBytes(response.body), bodyTruncated, address }
}

/**
 * How much is kept of a response that did not deliver. It is kept for people to read, and a receiver must not be able
 * to fill the disk with its responses to every attempt.
 */
const shortBodyBytes = 2_048
const shortHeadersCharacters = 4_096

function shortResponseOf(end: AttemptEnd): AttemptResponse | undefined {
  const response = responseOf(end)
  if (response === undefined || end.response === undefined) return undefined
  const body = ownBytes(response.body.subarray(0, shortBodyBytes))
  const bodyTruncated = response.bodyTruncated || body.length < response.body.length
  return { ...response, headers: shortHeaders(end.response.headers), body, bodyTruncated }
}

/** As many of the first headers as fit, each of them whole. */
function shortHeaders(headers: Readonly<Record<string, string>>): string {
  let left = shortHeadersCharacters
  const entries = Object.entries(maskHeaders(headers)).filter(([name, value]) => {
    left -= name.length + value.length
    return left >= 0
  })
  return JSON.stringify(Object.fromEntries(entries))
}

function nextStep(
  delivery: OpenedDelivery,
  end: AttemptEnd,
  context: JudgeContext,
  retryAfter: number | undefined,
): NextStep {
  const { responseValid, failedLeaseMs } = context
  if (end.outcome === 'accepted' && (responseValid !== false || !delivery.retryOnInvalidResponse))
    return { state: 'delivered', responseValid, responseLeaseMs: context.responseLeaseMs }
  if (end.outcome === 'abandoned' && end.expired) return { state: 'failed', reason: 'expired', failedLeaseMs }
  if (end.outcome === 'abandoned' && !usesWait(delivery, end))
    return { state: 'scheduled', delayMs: abandonedMs(delivery, end), usesRetry: false }
  if (end.outcome === 'refused' && end.permanent) return { state: 'blocked', failedLeaseMs }
  if (end.outcome === 'rejected' && delivery.finalStatuses.includes(end.response.status))
    return { state: 'failed', failedLeaseMs }
  const delayMs = retryDelayMs(delivery.retryDelaysSeconds, delivery.retriesUsed + 1, context.random)
  if (delayMs === undefined && end.outcome === 'accepted')
    return { state: 'delivered', responseValid, responseLeaseMs: context.responseLeaseMs }
  if (delayMs === undefined) return { state: 'failed', failedLeaseMs }
  const leastMs = Math.max(retryAfter ?? 0, isPatient(end) ? patientMs : 0)
  return { state: 'scheduled', delayMs: Math.max(delayMs, leastMs), usesRetry: true }
}

/**
 * How many attempts in a row may fail for lack of headers before they use up waits of the schedule. After that, missing
 * headers count like a missing receiver.
 */
const freeAttempts = 10
const headersMs = 1_000

function usesWait({ abandonedInARow }: OpenedDelivery, end: AttemptEnd): boolean {
  return end.response === undefined && end.ofHeaders === true && abandonedInARow >= freeAttempts
}

/** Doubles while headers cannot be had: the source of the headers may need time. */
function abandonedMs({ abandonedInARow }: OpenedDelivery, end: AttemptEnd): number {
  if (end.response !== undefined) return 0
  return end.delayMs ?? (end.ofHeaders ? headersMs * 2 ** abandonedInARow : 0)
}

function isPatient(end: AttemptEnd): boolean {
  return end.outcome === 'timed-out' || end.response?.status === 429
}

function destinationSignal(end: AttemptEnd, retryAfter: number | undefined): BreakerSignal | undefined {
  if (end.outcome === 'accepted') return { kind: 'success' }
  if (end.outcome === 'abandoned' || (end.outcome === 'refused' && end.permanent) || isFault(end)) return undefined
  const slow = end.outcome === 'timed-out' || (end.response !== undefined && slowStatuses.has(end.response.status))
  return slow ? { kind: 'slow', retryAfterMs: retryAfter } : { kind: 'failure' }
}

function isFault(end: AttemptEnd): boolean {
  return end.response === undefined && end.fault !== undefined
}

/** What an attempt shows about the endpoint of a webhook; nothing if it is not the receiver's fault. */
function endpointSignal(
  end: AttemptEnd,
  next: NextStep,
  { healthRules: rules }: JudgeContext,
): HealthSignal | undefined {
  const { outcome } = end
  if (outcome === 'abandoned' || isFault(end)) return undefined
  const status = end.response?.status
  const kind =
    outcome === 'accepted' ? 'delivered' : status === 410 ? 'gone' : next.state === 'blocked' ? 'blocked' : 'failed'
  return { kind, outcome, status, rules }
}

/** Any response shows that the origin can be reached. Only a failure of the host itself shows that it cannot. */
function originSignal(end: AttemptEnd): BreakerSignal | undefined {
  if (end.response !== undefined) return { kind: 'success' }
  return end.ofHost ? { kind: 'failure' } : undefined
}
