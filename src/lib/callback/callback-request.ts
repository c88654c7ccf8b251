import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import { serializeJsonPointer } from '../json/json-pointer.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CallbackTarget, Sent } from './bound-request.ts'
import { CallbackArgumentError } from './callback-argument-error.ts'
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
  target: CallbackTarget,
  { options }: Sent,
  { body, headers, query, path }: MessageContent,
): DeliveryRequest {
  const { base, request } = target
  const { recipient = request.recipient, idempotencyKey, orderingKey, at, delayMs, expiresAt } = options
  const { retryDelaysSeconds, finalStatuses, timeoutMs, retryOnInvalidResponse, onResponse, propagate } =
    callback.options
  return {
    operation: request.operationId,
    callback: callback.name,
    method: callback.method.toUpperCase(),
    url: withQuery(callback.names.length === 0 ? target.url : urlWith(path, callback, target), query),
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
    propagate,
  }
}

/** The URL with the values that only the sender knows. */
function urlWith(
  path: MessageContent['path'],
  { name, template }: CompiledCallback,
  { exchange }: CallbackTarget,
): string {
  const made = evaluateUrlTemplate(template, exchange, path)
  if ('url' in made) return made.url
  const [at, code, detail] =
    'missing' in made
      ? ([made.missing, 'required', 'A value is required'] as const)
      : ([made.expression ?? '', 'format', made.invalid] as const)
  throw new CallbackArgumentError(name, [{ in: 'path', pointer: `#${serializeJsonPointer([at])}`, code, detail }])
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  if (Object.keys(query).length === 0) return url
  const made = new URL(url)
  for (const [name, value] of Object.entries(query)) made.searchParams.append(name, value)
  return made.href
}
