import { declaredFor } from '../../callback/call-now.ts'
import type { DeliveryResponse, RespondedDelivery } from '../../delivery/handlers/on-response.ts'
import { decodeJson } from '../../json/decode-json.ts'
import type { Log } from '../../log/log.ts'
import type { AnyCallbackOptions } from '../../operation/callback-definition.ts'
import type { CompiledCallback } from '../../operation/compiled/compiled-callback.ts'
import type { CompiledMessage } from '../../operation/compiled/compiled-message.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { OperationList } from '../operation-list.ts'
import { callbackOf, webhookOf } from './callback-of.ts'

/** Makes the function that calls the `onResponse` of a delivery's callback or webhook. */
export function onResponseOf(operations: OperationList, log: Log) {
  return async (response: DeliveryResponse, delivery: RespondedDelivery): Promise<void> => {
    const message = webhookOf(delivery, operations) ?? callbackOf(delivery, operations)
    const onResponse = message && onResponseFor(message, delivery)
    if (message === undefined || onResponse === undefined) {
      const fields = { delivery: delivery.id, operation: delivery.operation, callback: delivery.callback }
      log.warn('A response came for an "onResponse" that the code no longer has', fields)
      return
    }
    const { status, headers, body: bytes, bodyTruncated } = response
    const body = await validBody(message, response)
    const received = { status, headers: new Headers(headers), body, bytes, bodyTruncated }
    await onResponse(received)
  }
}

type Received = Parameters<NonNullable<AnyCallbackOptions['onResponse']>>[0]

/** What is called with the response; undefined where the definition has nothing. */
function onResponseFor(
  message: CompiledCallback | CompiledWebhook,
  { id, endpoint = '', owner = '' }: RespondedDelivery,
): ((received: Received) => unknown) | undefined {
  if (message.kind === 'webhook') {
    const { onResponse } = message as CompiledWebhook
    return onResponse && (received => onResponse(received, { id, endpoint, owner }))
  }
  const { onResponse } = message.options
  return onResponse && (received => onResponse(received, { id }))
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
