import type { Clock } from '../../clock.ts'
import { checkedTimeoutMs } from '../../definition/check-times.ts'
import type { IncomingResponse, Transport } from '../../destination/transport/transport.ts'
import { destinationHash } from '../../signature/destination-hash.ts'
import type { DeliveryRequest } from '../delivery-request.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import type { DeliverySigner } from '../keys/delivery-signer.ts'
import { PayloadTooLargeError } from '../payload-too-large-error.ts'
import { addressOf, contentTypeOf } from '../prepare-delivery.ts'
import { type AttemptHeaders, sendWithHeaders } from './attempt-headers.ts'
import type { CallLine } from './call-line.ts'
import { loopHeader } from './own-loop.ts'
import { requestHeaders } from './request-headers.ts'
import type { ResponseCheck } from './response-check.ts'
import { engineHeaders, traceHeader } from './run-attempt.ts'

/** The response to a `call`. */
export interface CallResponse {
  readonly status: number
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whether the body was longer than what is kept of it, or may have been cut short on its way. */
  readonly bodyTruncated: boolean
  /**
   * Whether the response is a declared one (or a 2xx, if none is declared); undefined if that could not be checked or
   * the body was cut short.
   */
  readonly valid: boolean | undefined
}

/** What is needed to make a call. */
export interface CallContext {
  readonly store: Pick<DeliveryStore, 'secretVersions'>
  readonly clock: Clock
  readonly transport: Transport
  readonly line: CallLine
  readonly signer: DeliverySigner
  readonly responseCheck: ResponseCheck
  readonly makeId: () => string
  readonly timeoutMs: number
  readonly payloadLimitBytes: number
  readonly responseLimitBytes: number
  readonly attemptHeaders: AttemptHeaders | undefined
}

/** Sends a request once, as soon as its turn comes, and stores nothing. */
export async function callOnce(request: DeliveryRequest, context: CallContext): Promise<CallResponse> {
  const { url, body } = request
  if (body !== undefined && body.length > context.payloadLimitBytes)
    throw new PayloadTooLargeError(body.length, context.payloadLimitBytes)
  const headers = { ...(request.propagate === true && traceHeader()), ...requestHeaders(request.headers ?? {}) }
  const timeoutMs = checkedTimeoutMs(request.timeoutMs ?? context.timeoutMs)
  const lined = { origin: URL.parse(url)?.origin ?? url, timeoutMs, bytes: body?.length ?? 0 }
  const address = addressOf(request)
  // Asked before the call takes a slot: a store that does not answer must not hold one.
  const recipient = address.recipient ?? address.destination
  const secretVersions = await context.store.secretVersions({ recipient, now: context.clock.now() })
  const response = await context.line.run(lined, leftMs => {
    const message = { ...address, destinationHash: destinationHash(address.destination, address.recipient), body }
    const { signer, makeId, clock } = context
    // Signed only now, because receivers refuse an old signature.
    const signed = signer.headers({ ...message, secretVersions, id: makeId(), now: clock.now() })
    return sendCall({ ...request, ...address, headers: { ...headers, ...signed } }, leftMs, context)
  })
  const responses = request.responses && JSON.stringify(request.responses)
  const declared = await context.responseCheck.isDeclared(responses, response.status, response.body, request)
  const { status, headers: responseHeaders, body: responseBody, bodyTruncated } = response
  return {
    status,
    headers: responseHeaders,
    body: responseBody,
    bodyTruncated,
    valid: bodyTruncated ? undefined : declared,
  }
}

function sendCall(
  request: DeliveryRequest,
  timeoutMs: number,
  { clock, transport, signer, responseLimitBytes, attemptHeaders }: CallContext,
): Promise<IncomingResponse> {
  const { method, url, destination, recipient, body } = request
  const ours = loopHeader(signer.masterSecrets)
  const headers = { ...engineHeaders(contentTypeOf(request)), ...request.headers, ...ours }
  const call = { url, recipient, body, headers, lastStatus: undefined }
  const to = { url: destination, recipient }
  return sendWithHeaders(attemptHeaders, call, { clock, timeoutMs, signal: undefined }, (all, leftMs) =>
    transport.send(
      { method: method.toUpperCase(), url, headers: all, body },
      { timeoutMs: leftMs, responseLimitBytes, destination: to },
    ),
  )
}
