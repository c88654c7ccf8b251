import type { Clock } from '../clock.ts'
import type { Transport } from '../destination/transport.ts'
import { checkedTimeoutMs } from './check-times.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { DeliverySigner } from './delivery-signer.ts'
import { PayloadTooLargeError } from './payload-too-large-error.ts'
import { requestHeaders } from './request-headers.ts'
import type { ResponseCheck } from './response-check.ts'
import { engineHeaders } from './run-attempt.ts'

/** The answer to a `call`. */
export interface CallResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whether the body was longer than is kept of it, or may have been cut on its way. */
  readonly bodyTruncated: boolean
  /** Whether the answer is one of the declared ones; without any, whether it is a 2xx. */
  readonly valid: boolean
}

/** What a call is made with. */
export interface CallContext {
  readonly clock: Clock
  readonly transport: Transport
  readonly signer: DeliverySigner
  readonly responseCheck: ResponseCheck
  readonly makeId: () => string
  readonly timeoutMs: number
  readonly payloadLimitBytes: number
  readonly answerLimitBytes: number
}

/** Sends a request once, now, and stores nothing. */
export async function callOnce(request: DeliveryRequest, context: CallContext): Promise<CallResponse> {
  const { clock, transport, signer, answerLimitBytes } = context
  const { url, destination, recipient = destination, body } = request
  if (body !== undefined && body.length > context.payloadLimitBytes)
    throw new PayloadTooLargeError(body.length, context.payloadLimitBytes)
  const signed = signer.headers({ id: context.makeId(), destination, recipient, body, now: clock.now() })
  const headers = { ...engineHeaders(body), ...requestHeaders(request.headers ?? {}), ...signed }
  const timeoutMs = checkedTimeoutMs(request.timeoutMs ?? context.timeoutMs)
  const outgoing = { method: request.method.toUpperCase(), url, headers, body }
  const response = await transport.send(outgoing, { timeoutMs, answerLimitBytes })
  const responses = request.responses && JSON.stringify(request.responses)
  const declared = await context.responseCheck.isDeclared(responses, response.status, response.body)
  const { status, headers: responseHeaders, body: responseBody, bodyTruncated } = response
  return { status, headers: responseHeaders, body: responseBody, bodyTruncated, valid: declared && !bodyTruncated }
}
