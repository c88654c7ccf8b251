import type { UrlTemplate } from '../../expression/url-template.ts'
import { HttpError } from '../../http/http-error.ts'
import { isJsonType } from '../../http/media-type.ts'
import { documentPath } from '../../http/path-template.ts'
import type { CompiledCallback } from '../../operation/compiled/compiled-callback.ts'
import type { CompiledMessage } from '../../operation/compiled/compiled-message.ts'
import type { CompiledOperation } from '../../operation/compiled/compiled-operation.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'

/** What the document of an application describes as sent to a receiver. */
export interface DocumentedMessages {
  readonly operations: readonly CompiledOperation[]
  readonly webhooks: readonly CompiledWebhook[]
}

/** A message as the panel sends it. */
export interface DocumentedMessage {
  readonly message: CompiledMessage
  /** Undefined for a webhook, whose URL is that of its endpoint. */
  readonly template: UrlTemplate | undefined
  /** The JSON Schema of the body as it travels; undefined where it is not JSON. */
  readonly schema: JsonSchema | undefined
}

const MOST_NESTED = 20

/**
 * The message at a place of the document, such as `paths`, `/invoices/`, `post`, `callbacks`, `paid`, its URL, `post`.
 * Throws an `HttpError` 404 where the document has none there.
 */
export function documentedMessage({ operations, webhooks }: DocumentedMessages, place: unknown): DocumentedMessage {
  const steps = Array.isArray(place) && place.every(step => typeof step === 'string') ? (place as string[]) : []
  const [root, path, method, ...rest] = steps
  if (root === 'webhooks') {
    const webhook = webhooks.find(({ name, documented }) => documented && name === path)
    if (webhook !== undefined && rest.length === 0) return ofWebhook(webhook)
  }
  const operation =
    root === 'paths'
      ? operations.find(one => one.documented && one.method === method && documentPath(one.template) === path)
      : undefined
  const callback = operation && nestedIn(operation.callbacks, rest)
  if (callback === undefined) throw new HttpError(404, 'The document has no callback or webhook at this place')
  const { body, format, template } = callback
  return { message: callback, template, schema: isJsonType(format.mediaType) ? body?.output : undefined }
}

/** Of `callbacks`, name, URL, method, and perhaps further ones. */
function nestedIn(callbacks: readonly CompiledCallback[], steps: readonly string[]): CompiledCallback | undefined {
  if (steps.length > 4 * MOST_NESTED) return undefined
  const [key, name, url, method, ...rest] = steps
  if (key !== 'callbacks') return undefined
  const found = callbacks.find(
    one => one.name === name && one.url === url && one.method === method && (one.options.documented ?? true),
  )
  return found === undefined || rest.length === 0 ? found : nestedIn(found.callbacks, rest)
}

function ofWebhook(webhook: CompiledWebhook): DocumentedMessage {
  const { name, body, enveloped, format } = webhook
  const json = isJsonType(format.mediaType) ? body?.output : undefined
  return { message: webhook, template: undefined, schema: json && enveloped ? envelope(name, json) : json }
}

const envelopes = new WeakMap<object, JsonSchema>()

/** The body that Standard Webhooks defines in "Payload structure"; one object for each webhook. */
function envelope(type: string, data: JsonSchema): JsonSchema {
  const known = envelopes.get(data as object)
  if (known !== undefined) return known
  const made = {
    type: 'object',
    // A root of its own, so that its references lead where they did.
    properties: { type: { const: type }, timestamp: { type: 'string' }, data: { $id: 'urn:ringback:data', ...data } },
    required: ['type', 'timestamp', 'data'],
  }
  envelopes.set(data as object, made)
  return made
}
