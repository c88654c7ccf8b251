import { declaredFor } from '../../callback/call-now.ts'
import type { DeliveryResponse, RespondedDelivery } from '../../delivery/handlers/on-response.ts'
import { decodeJson } from '../../json/decode-json.ts'
import type { Log } from '../../log/log.ts'
import type { CompiledMessage } from '../../operation/compiled/compiled-message.ts'
import type { OperationList } from '../operation-list.ts'
import { callbackOf } from './callback-of.ts'

/** Makes the function that calls the `onResponse` of a delivery's callback. */
export function onResponseOf(operations: OperationList, log: Log) {
  return async (response: DeliveryResponse, delivery: RespondedDelivery): Promise<void> => {
    const callback = callbackOf(delivery, operations)
    if (callback?.options.onResponse === undefined) {
      const fields = { delivery: delivery.id, operation: delivery.operation, callback: delivery.callback }
      log.warn('A response came for an "onResponse" that the code no longer has', fields)
      return
    }
    const { status, headers, body: bytes, bodyTruncated } = response
    const body = await validBody(callback, response)
    const received = { status, headers: new Headers(headers), body, bytes, bodyTruncated }
    await callback.options.onResponse(received, { id: delivery.id })
  }
}

/** The validated body where it is as declared, else undefined. */
async function validBody(
  message: CompiledMessage,
  { status, body, bodyTruncated }: DeliveryResponse,
): Promise<unknown> {
  const schema = declaredFor(message, status)?.body
  if (schema === undefined || bodyTruncated) return undefined
  try {
    const result = await schema.validate(decodeJson(body))
    return result.issues === undefined ? result.value : undefined
  } catch {
    return undefined
  }
}
