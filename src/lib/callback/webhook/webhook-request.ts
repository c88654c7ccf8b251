import type { Clock } from '../../clock.ts'
import type { DeliveryRequest } from '../../delivery/delivery-request.ts'
import { WebhookReplacedError } from '../../delivery/endpoints/errors/webhook-replaced-error.ts'
import { ownerText } from '../../delivery/endpoints/owner.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import { FRAMEWORK_PREFIX } from '../../operation/webhook/webhook-forms.ts'
import { compileSchema } from '../../schema/compiled-schema.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import { CallbackArgumentError } from '../callback-argument-error.ts'
import { type MessageContent, messageContent } from '../message-content.ts'
import type { KnownWebhooks } from './known-webhooks.ts'
import { type AnyWebhookSendOptions, checkWebhookOptions } from './webhook-send-options.ts'

/** What the message of a webhook is made with. */
export interface WebhookRuntime {
  readonly clock: Clock
  readonly webhooks: KnownWebhooks
}

/** The arguments of `send`. */
export interface SentWebhook {
  readonly data: unknown
  readonly options: AnyWebhookSendOptions
}

/**
 * Makes the message of a webhook, and those of the forms that it replaces: every endpoint and every attempt gets the same
 * bytes. Throws `CallbackArgumentError`, `WebhookReplacedError`, and a `RangeError` without an owner. Gives a promise only
 * where a schema's validation does.
 */
export function webhookRequest(
  webhook: CompiledWebhook,
  sent: SentWebhook,
  runtime: WebhookRuntime,
): DeliveryRequest | Promise<DeliveryRequest> {
  const newest = webhook.newer.at(-1)
  if (newest !== undefined) throw new WebhookReplacedError(webhook.name, newest)
  if (webhook.name.startsWith(FRAMEWORK_PREFIX))
    throw new CallbackArgumentError(webhook.name, 'endpoints tell it themselves, of their own health', 'webhook')
  const { options } = sent
  checkWebhookOptions(webhook.name, options)
  return messageOf(
    webhook,
    { data: sent.data, options, timestamp: options.timestamp ?? new Date(runtime.clock.now()) },
    runtime,
  )
}

/** Something that happened, as it is sent in one form or another. */
export interface Happened extends SentWebhook {
  readonly timestamp: Date
}

/** The same without a look at who sends it. */
export function messageOf(
  webhook: CompiledWebhook,
  happened: Happened,
  runtime: WebhookRuntime,
): DeliveryRequest | Promise<DeliveryRequest> {
  // Refused before anything is validated: without an owner nothing may be sent.
  const owner = ownerText(happened.options.owner)
  const { headers } = happened.options
  const content = messageContent(webhook, { body: happened.data, options: headers === undefined ? {} : { headers } })
  const made = (settled: MessageContent) => {
    const request = requestOf(webhook, happened, owner, settled)
    return webhook.replaces === undefined
      ? request
      : withOlder(request, webhook, { ...happened, data: settled.value }, runtime)
  }
  return content instanceof Promise ? content.then(made) : made(content)
}

/** Adds the message in the form before this one. */
function withOlder(
  request: DeliveryRequest,
  webhook: CompiledWebhook,
  happened: Happened,
  runtime: WebhookRuntime,
): DeliveryRequest | Promise<DeliveryRequest> {
  const older = runtime.webhooks.byName(webhook.replaces!.event)!
  const data = decoded(webhook, happened.data)
  const add = (made: DeliveryRequest): DeliveryRequest => ({
    ...request,
    webhook: { ...request.webhook!, older: made },
  })
  // The key is the newest form's: where that is known, neither is stored.
  const { idempotencyKey: _ofNewest, ...options } = happened.options
  const convert = (value: unknown) =>
    messageOf(older, { ...happened, options, data: webhook.replaces!.as(value) }, runtime)
  const message = data instanceof Promise ? data.then(convert) : convert(data)
  return message instanceof Promise ? message.then(add) : add(message)
}

/** What the schema gives for the data. Where it has codecs, what was validated is their encoded form. */
function decoded({ name, body }: CompiledWebhook, value: unknown): unknown {
  const { validate } = compileSchema(body!.source, `"data" of the webhook "${name}"`, [])
  if (validate === body!.validate) return value
  const settle = (result: Awaited<ReturnType<typeof validate>>): unknown => {
    if (result.issues === undefined) return result.value
    throw new CallbackArgumentError(name, validationErrors('body', result.issues), 'webhook')
  }
  const result = validate(value)
  return result instanceof Promise ? result.then(settle) : settle(result)
}

function requestOf(
  webhook: CompiledWebhook,
  { options, timestamp }: Happened,
  owner: string,
  { body, headers }: MessageContent,
): DeliveryRequest {
  const { idempotencyKey, orderingKey, at, delayMs, expiresAt, channels = [] } = options
  const { retryDelaysSeconds, finalStatuses, timeoutMs, retryOnInvalidResponse } = webhook.options
  const { newer, chain, starFrom, starUntil } = webhook
  return {
    ...{ operation: '', callback: webhook.name, method: 'POST', url: '', destination: '' },
    headers,
    body: webhook.enveloped ? envelope(webhook, timestamp, body) : body,
    contentType: webhook.format.contentType ?? webhook.format.mediaType,
    responses: webhook.declaredResponses,
    at: at?.getTime(),
    delayMs,
    expiresAt: expiresAt?.getTime(),
    idempotencyKey,
    orderingKey,
    retryDelaysSeconds,
    finalStatuses,
    timeoutMs,
    retryOnInvalidResponse,
    hasOnResponse: webhook.onResponse !== undefined,
    webhook: {
      owner,
      channels: [...new Set(channels)],
      timestamp: timestamp.getTime(),
      ...{ newer, chain, starFrom, starUntil },
      // Sent again, it has another time.
      ...(webhook.enveloped && options.timestamp === undefined && { sameBytes: body }),
    },
  }
}

/** The payload structure of Standard Webhooks around the bytes of the data. */
function envelope({ name }: CompiledWebhook, timestamp: Date, data: Uint8Array | undefined): Uint8Array {
  if (data === undefined)
    throw new CallbackArgumentError(
      name,
      [{ in: 'body', pointer: '#', code: 'required', detail: 'A value is required' }],
      'webhook',
    )
  // Neither the name nor the time has a character that JSON would write otherwise.
  const head = `{"type":"${name}","timestamp":"${timestamp.toISOString()}","data":`
  return Buffer.concat([Buffer.from(head), data, Buffer.from('}')])
}
