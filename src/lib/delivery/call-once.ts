import type { Clock } from '../clock.ts'
import type { IncomingResponse, Transport } from '../destination/transport.ts'
import { destinationHash } from '../signature/destination-hash.ts'
import type { CallLine } from './call-line.ts'
import { checkedTimeoutMs } from './check-times.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { DeliverySigner } from './delivery-signer.ts'
import type { DeliveryStore } from './delivery-store.ts'
import { PayloadTooLargeError } from './payload-too-large-error.ts'
import { addressOf } from './prepare-delivery.ts'
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
  readonly store: Pick<DeliveryStore, 'secretVersions'>
  readonly clock: Clock
  readonly transport: Transport
  readonly line: CallLine
  readonly signer: DeliverySigner
  readonly responseCheck: ResponseCheck
  readonly makeId: () => string
  readonly timeoutMs: number
  readonly payloadLimitBytes: number
  readonly answerLimitBytes: number
}

/** Sends a request once, as soon as its turn has come, and stores nothing. */
export async function callOnce(request: DeliveryRequest, context: CallContext): Promise<CallResponse> {
  const { url, body } = request
  if (body !== undefined && body.length > context.payloadLimitBytes)
    throw new PayloadTooLargeError(body.length, context.payloadLimitBytes)
  const headers = requestHeaders(request.headers ?? {})
  const timeoutMs = checkedTimeoutMs(request.timeoutMs ?? context.timeoutMs)
  const lined = { origin: URL.parse(url)?.origin ?? url, timeoutMs, bytes: body?.length ?? 0 }
  const address = addressOf(request)
  const response = await context.line.run(lined, leftMs =>
    sendCall({ ...request, ...address }, headers, leftMs, context),
  )
  const responses = request.responses && JSON.stringify(request.responses)
  const declared = await context.responseCheck.isDeclared(responses, response.status, response.body)
  const { status, headers: responseHeaders, body: responseBody, bodyTruncated } = response
  return { status, headers: responseHeaders, body: responseBody, bodyTruncated, valid: declared && !bodyTruncated }
}

/** Signs only now: receivers refuse a signature that is not fresh. */
async function sendCall(
  { method, url, destination, recipient, body }: DeliveryRequest,
  given: Readonly<Record<string, string>>,
  timeoutMs: number,
  { store, clock, transport, signer, makeId, answerLimitBytes }: CallContext,
): Promise<IncomingResponse> {
  const now = clock.now()
  const address = { destination, recipient, destinationHash: destinationHash(destination, recipient) }
  const secretVersions = await store.secretVersions({ recipient: recipient ?? destination, now })
  const signed = signer.headers({ ...address, secretVersions, id: makeId(), body, now })
  const headers = { ...engineHeaders(body), ...given, ...signed }
  return transport.send({ method: method.toUpperCase(), url, headers, body }, { timeoutMs, answerLimitBytes })
}
