import type { CallResponse } from '../delivery/attempt/call-once.ts'
import { declaredResponse } from '../delivery/attempt/declared-response.ts'
import type { DeliveryEngine } from '../delivery/create-delivery.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { decodeJson } from '../json/decode-json.ts'
import type { CallbackAnswer, CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { validationErrors } from '../schema/validation-error.ts'
import { CallbackResponseError } from './callback-response-error.ts'

/** What `call` resolves to. */
export interface CalledResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Sends the request now and reads the answer by what the callback declares. */
export async function callNow(
  callback: CompiledCallback,
  request: DeliveryRequest,
  engine: DeliveryEngine,
): Promise<CalledResponse> {
  // The answer is read by the schema itself below: nobody needs the engine's own verdict.
  const response = await engine.call({ ...request, responses: undefined })
  const { status, headers } = response
  const answer = declaredAnswer(callback, status)
  if (answer === undefined) throw new CallbackResponseError(callback.name, status, 'the status is not declared')
  return { status, headers: new Headers(headers), body: await readAnswer(callback, answer, response) }
}

/** What the callback declares for a status; any success counts where nothing is declared. */
export function declaredAnswer({ answers }: CompiledCallback, status: number): CallbackAnswer | undefined {
  return declaredResponse(status, wanted => answers.find(({ key }) => key.toUpperCase() === wanted.toUpperCase()))
}

async function readAnswer(
  callback: CompiledCallback,
  answer: CallbackAnswer,
  { status, body, bodyTruncated }: CallResponse,
): Promise<unknown> {
  if (answer.body === undefined) return undefined
  if (bodyTruncated) throw new CallbackResponseError(callback.name, status, 'the body is too long or was cut')
  let value: unknown
  try {
    value = decodeJson(body)
  } catch {
    throw new CallbackResponseError(callback.name, status, 'the body is not JSON')
  }
  const result = await answer.body.validate(value)
  if (result.issues === undefined) return result.value
  const [first] = validationErrors('body', result.issues)
  throw new CallbackResponseError(callback.name, status, `the body at "${first?.pointer}": ${first?.detail}`)
}
