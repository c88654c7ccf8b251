import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import {
  checkedDelayMs,
  checkedDueAt,
  checkedExpiresAt,
  checkedTimeoutMs,
  checkRetryDelays,
} from '../definition/check-times.ts'
import { checkFinalStatuses } from '../definition/final-statuses.ts'
import { memoize } from '../memoize.ts'
import { validateHeaderValue } from '../node-http.ts'
import { encryptAtRest } from '../signature/at-rest.ts'
import { destinationHash } from '../signature/destination-hash.ts'
import { atRestKey } from '../signature/master-secret.ts'
import { activeTraceParent } from '../telemetry/open-telemetry.ts'
import { canonicalUrl } from '../url/canonical-url.ts'
import { longestUrl } from '../url/longest-url.ts'
import { requestHeaders } from './attempt/request-headers.ts'
import type { DeclaredResponses, DeliveryRequest, WebhookRequest } from './delivery-request.ts'
import { checkStoredText } from './manage/check-stored-text.ts'
import { type Message, writeMessage } from './message.ts'
import { PayloadTooLargeError } from './payload-too-large-error.ts'
import type { NewDelivery, WebhookTargets } from './stored-delivery.ts'

/** A checked delivery with its id, ready to be stored. */
export interface PreparedDelivery {
  readonly id: string
  readonly url: string
  readonly row: NewDelivery
}

/** The defaults of an engine for what a request leaves out. */
export interface PrepareOptions {
  readonly clock: Clock
  readonly makeId: () => string
  readonly masterSecrets: readonly string[]
  readonly retryDelaysSeconds: readonly number[]
  readonly finalStatuses: readonly number[]
  readonly timeoutMs: number
  readonly payloadLimitBytes: number
  readonly sealBodies: boolean
}

/**
 * Makes the row for a request. Throws for a body or header that cannot be sent, and for a time that cannot be stored.
 */
export function prepareDelivery(request: DeliveryRequest, options: PrepareOptions): PreparedDelivery {
  const { body } = request
  if (body !== undefined && !(body instanceof Uint8Array))
    throw new TypeError(`"body" has type "${typeof body}"; give its bytes as a Uint8Array`)
  if (body !== undefined && body.length > options.payloadLimitBytes)
    throw new PayloadTooLargeError(body.length, options.payloadLimitBytes)
  checkTexts(request)
  const { destination, recipient } = webhookAddress(request) ?? addressOf(request)
  const id = request.id ?? options.makeId()
  const retryDelaysSeconds = request.retryDelaysSeconds ?? options.retryDelaysSeconds
  checkRetryDelays(retryDelaysSeconds)
  const wait = firstWait(request, retryDelaysSeconds[0])
  const message = messageOf(request, retryDelaysSeconds, options)
  const row: NewDelivery = {
    id,
    operation: request.operation,
    callback: request.callback,
    method: request.method.toUpperCase(),
    url: request.url,
    destination,
    origin: originOf(request.url, destination),
    recipient,
    destinationHash: destinationHash(destination, recipient),
    timeoutMs: checkedTimeoutMs(request.timeoutMs ?? options.timeoutMs),
    content: writeMessage(message),
    isSealed: message.headers !== undefined || message.isBodySealed,
    idempotencyKey: request.idempotencyKey,
    digest: request.idempotencyKey === undefined ? undefined : digestOf(request),
    orderingKey: request.orderingKey,
    ...wait,
    expiresAt: expiresAt(request, wait, options.clock),
    ...(request.webhook !== undefined && { webhook: webhookTargets(request.webhook, options) }),
  }
  return { id, url: request.url, row }
}

/** Until its deliveries are made, a webhook's message has its owner in place of an address. */
function webhookAddress({ webhook }: DeliveryRequest) {
  return webhook && { destination: '', recipient: webhook.owner || undefined }
}

function webhookTargets({ older, sameBytes, ...targets }: WebhookRequest, options: PrepareOptions): WebhookTargets {
  return { ...targets, ...(older !== undefined && { older: prepareDelivery(older, options).row }) }
}

function messageOf(
  request: DeliveryRequest,
  retryDelaysSeconds: readonly number[],
  { masterSecrets, sealBodies, finalStatuses: usualStatuses }: PrepareOptions,
): Message {
  const { method, headers, body, responses } = request
  const { retryOnInvalidResponse = false, hasOnResponse = false, propagate = false } = request
  const { finalStatuses = usualStatuses } = request
  checkFinalStatuses(finalStatuses)
  const isBodySealed = sealBodies && body !== undefined
  return {
    method: method.toUpperCase(),
    contentType: contentTypeOf(request),
    headers: sealHeaders(headers, masterSecrets),
    body: isBodySealed ? encryptAtRest(masterSecrets.map(atRestKey), body) : body,
    isBodySealed,
    responses: responses && responsesText(responses),
    retryDelaysSeconds,
    finalStatuses,
    retryOnInvalidResponse,
    hasOnResponse,
    traceParent: activeTraceParent(),
    ...(propagate && { propagate }),
  }
}

/** The content type of the body; undefined if there is no body. */
export function contentTypeOf({ body, contentType = 'application/json' }: DeliveryRequest): string | undefined {
  return body === undefined ? undefined : contentType
}

const longestText = 1_024

function checkTexts(request: DeliveryRequest): void {
  const { contentType, url, destination, recipient, idempotencyKey, orderingKey } = request
  const check = (name: string, text: string | undefined, most: number) => {
    if (text !== undefined && text.length > most)
      throw new RangeError(`"${name}" has ${text.length} characters; give at most ${most}`)
  }
  check('contentType', contentType, longestText)
  if (contentType !== undefined) validateHeaderValue('content-type', contentType)
  check('url', url, longestUrl)
  check('destination', destination, longestUrl)
  check('recipient', recipient, longestText)
  check('idempotencyKey', idempotencyKey, longestText)
  check('orderingKey', orderingKey, longestText)
  checkStoredText('idempotencyKey', idempotencyKey)
  checkStoredText('orderingKey', orderingKey)
}

/** Where a request goes and for whom, each in its canonical form. */
export function addressOf({ destination, recipient }: Pick<DeliveryRequest, 'destination' | 'recipient'>) {
  if (recipient === '') throw new RangeError('"recipient" is empty: name the tenant, or leave it out if there are none')
  checkStoredText('recipient', recipient)
  return { destination: canonicalUrl(destination), recipient: recipient && canonicalUrl(recipient) }
}

/** A URL that does not parse counts under the origin `null`. It gets its attempt, and is blocked then. */
const parsedOrigin = (url: string) => URL.parse(url)?.origin ?? 'null'
/** The origin of a URL, in its canonical form. */
export const canonicalOrigin = memoize(1_000, url => parsedOrigin(canonicalUrl(url)))

/**
 * The origin of a URL. If the URL begins with that of its destination, the same text is used: many deliveries share it.
 */
function originOf(url: string, destination: string): string {
  const origin = canonicalOrigin(destination)
  return url.startsWith(`${origin}/`) ? origin : canonicalOrigin(parsedOrigin(url))
}

type Wait = Pick<NewDelivery, 'dueAt' | 'delayMs'>

/**
 * A time that was asked for stays as it is, whatever happens to the clock; a wait counts from the moment of storing.
 */
function firstWait({ at, delayMs }: DeliveryRequest, firstSeconds = 0): Wait {
  const firstMs = firstSeconds * 1000
  if (at !== undefined && delayMs !== undefined)
    throw new RangeError('"at" and "delayMs" both set the time; give only one of them')
  if (at !== undefined) return { dueAt: checkedDueAt(at + firstMs), delayMs: undefined }
  const waitMs = checkedDelayMs((delayMs ?? 0) + firstMs)
  return { dueAt: undefined, delayMs: waitMs === 0 ? undefined : waitMs }
}

function expiresAt({ expiresAt }: DeliveryRequest, { dueAt, delayMs = 0 }: Wait, clock: Clock): number | undefined {
  if (expiresAt === undefined) return undefined
  const now = clock.now()
  return checkedExpiresAt(expiresAt, Math.max(now + delayMs, dueAt ?? now))
}

function sealHeaders(headers: DeliveryRequest['headers'], masterSecrets: readonly string[]): Uint8Array | undefined {
  const checked = requestHeaders(headers ?? {})
  if (Object.keys(checked).length === 0) return undefined
  return encryptAtRest(masterSecrets.map(atRestKey), Buffer.from(JSON.stringify(checked)))
}

/** The responses of one definition are the same object at every `send`. */
const texts = new WeakMap<DeclaredResponses, string>()

function responsesText(responses: DeclaredResponses): string {
  let text = texts.get(responses)
  if (text === undefined) {
    text = JSON.stringify(responses)
    texts.set(responses, text)
  }
  return text
}

/** The digest of the request line and the bytes, which an idempotency key promises to be the same. */
function digestOf({ method, url, body: sent, webhook }: DeliveryRequest): string {
  const body = webhook?.sameBytes ?? sent
  const head = Buffer.from(`${method.toUpperCase()} ${canonicalUrl(url)}\n`)
  return hash('sha256', body === undefined ? head : Buffer.concat([head, body]), 'base64url')
}
