import type { CallResponse } from '../delivery/attempt/call-once.ts'
import { declaredResponse } from '../delivery/attempt/declared-response.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { decodeJson } from '../json/decode-json.ts'
import type { CompiledMessage, MessageResponse } from '../operation/compiled/compiled-message.ts'
import { validationErrors } from '../schema/validation-error.ts'
import { CallbackResponseError } from './callback-response-error.ts'

/** What `call` resolves to. */
export interface CalledResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Sends the request now and reads the response as the message declares it. */
export async function callNow(
  message: CompiledMessage,
  request: DeliveryRequest,
  engine: DeliveryEngine,
): Promise<CalledResponse> {
  // The schema below reads the response, so the engine's own check is not needed.
  const response = await engine.call({ ...request, responses: undefined })
  const { status, headers } = response
  const declared = declaredFor(message, status)
  if (declared === undefined) throw new CallbackResponseError(message.name, status, 'the status is not declared')
  return { status, headers: new Headers(headers), body: await readResponse(message.name, declared, response) }
}

/** The declared response for a status; any success will do where nothing is declared. */
export function declaredFor({ responses }: CompiledMessage, status: number): MessageResponse | undefined {
  return declaredResponse(status, wanted =>
    responses.find(declared => declared.status.toUpperCase() === wanted.toUpperCase()),
  )
}

async function readResponse(
  name: string,
  declared: MessageResponse,
  { status, body, bodyTruncated }: CallResponse,
): Promise<unknown> {
  if (declared.body === undefined) return undefined
  if (bodyTruncated) throw new CallbackResponseError(name, status, 'the body is too long or was cut')
  let value: unknown
  try {
    value = decodeJson(body)
  } catch {
    throw new CallbackResponseError(name, status, 'the body is not JSON')
  }
  const result = await declared.body.validate(value)
  if (result.issues === undefined) return result.value
  const [first] = validationErrors('body', result.issues)
  throw new CallbackResponseError(name, status, `the body at "${first?.pointer}": ${first?.detail}`)
}
