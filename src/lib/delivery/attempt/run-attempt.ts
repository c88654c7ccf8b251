import type { Clock } from '../../clock.ts'
import { DestinationRefusedError } from '../../destination/destination-refused-error.ts'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import { CallbackUnreachableError } from '../../destination/transport/callback-unreachable-error.ts'
import type { IncomingResponse, Transport } from '../../destination/transport/transport.ts'
import { AtRestError } from '../../signature/at-rest-error.ts'
import { activeTraceParent } from '../../telemetry/open-telemetry.ts'
import { endpointHeaders } from '../endpoints/endpoint-headers.ts'
import { openEndpoint } from '../endpoints/sealed-endpoint.ts'
import type { DeliverySigner } from '../keys/delivery-signer.ts'
import { openBody, openHeaders } from '../keys/open-message.ts'
import { webhookId } from '../keys/webhook-id.ts'
import type { Message } from '../message.ts'
import type { ClaimedDelivery } from '../stored-delivery.ts'
import { type AttemptHeaders, type SignedRequest, type SigningEndpoint, sendWithHeaders } from './attempt-headers.ts'
import { AttemptHeadersError } from './attempt-headers-error.ts'
import { ExpiredError } from './expired-error.ts'
import { LeaseLostError } from './lease-lost-error.ts'
import { loopHeader } from './own-loop.ts'

/** A claimed delivery, and what it carries. */
export interface OpenedDelivery extends ClaimedDelivery, Message {}

/** What an attempt needs in addition to its delivery. */
export interface AttemptContext {
  readonly transport: Transport
  readonly signer: DeliverySigner
  readonly clock: Clock
  readonly responseLimitBytes: number
  /** Gives further headers. */
  readonly attemptHeaders: AttemptHeaders | undefined
}

/** How an attempt ended: with a response, or without one. */
export type AttemptEnd =
  | { readonly outcome: 'accepted' | 'rejected'; readonly response: IncomingResponse; readonly error: undefined }
  | {
      readonly outcome: 'unreachable' | 'timed-out' | 'refused' | 'abandoned'
      readonly response: undefined
      readonly error: string
      /** Whether the URL itself is refused, so that no later attempt can succeed. */
      readonly permanent: boolean
      /** An error that is neither the receiver's nor the guard's. */
      readonly fault: unknown
      /** Whether the whole host failed, and not only this path. */
      readonly ofHost?: boolean
      /** How long an abandoned delivery waits for its next attempt. Default: 0. */
      readonly delayMs?: number
      /** Whether the delivery has expired, and so failed. */
      readonly expired?: boolean
      /** Whether its headers could not be had. The first such attempts use up no wait of the schedule. */
      readonly ofHeaders?: true
    }

/** Time for running look-ups to end. */
const busyMs = 1_000
/** Time for an operator to put a missing key back, which needs a restart. */
export const keyMissingMs = 300_000

/** Sends a claimed delivery once; never rejects. `leaseUntil` is a time of this machine's clock. */
export async function runAttempt(
  delivery: OpenedDelivery,
  leaseUntil: number,
  signal: AbortSignal,
  context: AttemptContext,
): Promise<AttemptEnd> {
  const { clock, transport } = context
  const beforeConnect = () => {
    if (clock.now() >= leaseUntil) throw new LeaseLostError()
  }
  try {
    const now = clock.now()
    if (now + delivery.timeoutMs > leaseUntil) throw new LeaseLostError()
    if (now >= (delivery.expiresAt ?? Number.POSITIVE_INFINITY)) throw new ExpiredError()
    signal.throwIfAborted()
    const body = openBody(delivery, context.signer.masterSecrets)
    const { method, url } = delivery
    const signed = signedRequest({ ...delivery, body }, context)
    const limits = { responseLimitBytes: context.responseLimitBytes, signal, beforeConnect }
    const destination = { url: delivery.destination, recipient: delivery.recipient }
    const time = { clock, timeoutMs: delivery.timeoutMs, signal }
    const response = await sendWithHeaders(context.attemptHeaders, signed, time, (headers, timeoutMs) =>
      transport.send({ method, url, headers, body }, { ...limits, timeoutMs, destination }),
    )
    return { outcome: isSuccess(response.status) ? 'accepted' : 'rejected', response, error: undefined }
  } catch (error) {
    return failedEnd(error, signal)
  }
}

/** The headers that the engine puts on every request. Those of the request override them. */
export function engineHeaders(contentType: string | undefined): Record<string, string> {
  // Some firewalls refuse requests without `accept`.
  const always = { accept: 'application/json, */*;q=0.8', 'user-agent': 'Ringback' }
  return contentType === undefined ? always : { 'content-type': contentType, ...always }
}

/** A `traceparent` header for the span that is active now, else for the one in which the message was sent. */
export function traceHeader(sentIn?: string): Record<string, string> {
  const traceparent = activeTraceParent() ?? sentIn
  return traceparent === undefined ? {} : { traceparent }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function signedRequest(delivery: OpenedDelivery, context: AttemptContext): SignedRequest {
  const { url, body, lastStatus, contentType } = delivery
  const { masterSecrets } = context.signer
  const { headers, endpoint } = signedHeaders(delivery, context)
  const own = openHeaders(delivery, masterSecrets)
  const trace = delivery.propagate === true ? traceHeader(delivery.traceParent) : {}
  return {
    ...{ url, body, lastStatus, endpoint, recipient: endpoint === undefined ? delivery.recipient : undefined },
    headers: { ...engineHeaders(contentType), ...trace, ...own, ...headers, ...loopHeader(masterSecrets) },
  }
}

/** Signs by the secrets of the endpoint if there is one, else by those of the recipient. */
function signedHeaders(
  delivery: OpenedDelivery,
  { signer, clock }: AttemptContext,
): { headers: Record<string, string>; endpoint?: SigningEndpoint } {
  const now = clock.now()
  const { endpoint, body } = delivery
  if (endpoint === undefined) return { headers: signer.headers({ ...delivery, now }) }
  const { id, owner } = endpoint
  const opened = openEndpoint(endpoint, signer.masterSecrets)
  const { headers, secrets } = endpointHeaders(signer, opened, { webhookId: webhookId(delivery), body, now })
  return { headers, endpoint: { id, owner, secrets } }
}

function failedEnd(error: unknown, signal: AbortSignal): AttemptEnd {
  const end = { response: undefined, permanent: false, fault: undefined }
  if (signal.aborted) return { ...end, outcome: 'abandoned', error: 'The worker stopped' }
  if (error instanceof ExpiredError) return { ...end, outcome: 'abandoned', error: error.message, expired: true }
  if (error instanceof LeaseLostError) return { ...end, outcome: 'abandoned', error: error.message }
  if (error instanceof CallbackTimeoutError) return { ...end, outcome: 'timed-out', error: error.message }
  if (error instanceof CallbackUnreachableError && error.neverBegan)
    return { ...end, outcome: 'abandoned', error: error.message, delayMs: busyMs }
  if (error instanceof CallbackUnreachableError)
    return { ...end, outcome: 'unreachable', error: error.message, ofHost: error.ofHost }
  if (error instanceof DestinationRefusedError)
    return { ...end, outcome: 'refused', error: error.message, permanent: error.permanent }
  if (error instanceof AttemptHeadersError)
    return { ...end, outcome: 'abandoned', error: error.message, fault: error, ofHeaders: true }
  if (isKeyMissing(error))
    return { ...end, outcome: 'abandoned', error: error.message, fault: error, delayMs: keyMissingMs }
  return { ...end, outcome: 'unreachable', error: 'The request could not be made; the log has the error', fault: error }
}

/**
 * Whether part of a delivery is sealed with a key that this process does not have. That is not the receiver's fault.
 */
export function isKeyMissing(error: unknown): error is AtRestError {
  return error instanceof AtRestError && error.keyIsMissing
}
