import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CallbackTarget, Sent } from './bound-request.ts'
import { checkSendOptions } from './check-send-options.ts'
import { type MessageContent, messageContent } from './message-content.ts'

/**
 * Makes the request of a callback: its message with an address. Every attempt sends the same. Throws
 * `CallbackArgumentError`. Gives a promise only where a schema's validation does.
 */
export function callbackRequest(
  callback: CompiledCallback,
  target: CallbackTarget,
  sent: Sent,
): DeliveryRequest | Promise<DeliveryRequest> {
  checkSendOptions(callback.name, sent.options)
  const { operationId, recipient, runtime } = target.request
  if ((sent.options.recipient ?? recipient) === undefined) runtime.withoutRecipient(operationId)
  const content = messageContent(callback, sent)
  return content instanceof Promise
    ? content.then(settled => deliveryRequest(callback, target, sent, settled))
    : deliveryRequest(callback, target, sent, content)
}

function deliveryRequest(
  callback: CompiledCallback,
  { url, base, request }: CallbackTarget,
  { options: { recipient = request.recipient, idempotencyKey, orderingKey, at, delayMs, expiresAt } }: Sent,
  { body, headers, query }: MessageContent,
): DeliveryRequest {
  const { retryDelaysSeconds, finalStatuses, timeoutMs, retryOnInvalidResponse, onResponse } = callback.options
  return {
    operation: request.operationId,
    callback: callback.name,
    method: callback.method.toUpperCase(),
    url: withQuery(url, query),
    destination: base,
    recipient,
    headers,
    body,
    contentType: callback.format.contentType ?? callback.format.mediaType,
    responses: callback.declaredResponses,
    at: at?.getTime(),
    delayMs,
    expiresAt: expiresAt?.getTime(),
    idempotencyKey,
    orderingKey,
    retryDelaysSeconds,
    finalStatuses,
    timeoutMs,
    retryOnInvalidResponse,
    hasOnResponse: onResponse !== undefined,
  }
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  if (Object.keys(query).length === 0) return url
  const made = new URL(url)
  for (const [name, value] of Object.entries(query)) made.searchParams.append(name, value)
  return made.href
}
