import { DefinitionError } from '../definition/definition-error.ts'
import { defaultFinalStatuses } from '../definition/final-statuses.ts'
import { defaultRetryDelaysSeconds, defaultTimeoutMs } from '../delivery/attempt/retry-schedule.ts'
import type { EndpointOptions } from '../delivery/endpoints/endpoint.ts'
import type { CompiledMessage } from '../operation/compiled/compiled-message.ts'
import type { ServerObject } from './objects/server-object.ts'

/**
 * What the descriptions of callbacks and webhooks tell their receivers: the options of `createDocument`.
 *
 * @example
 * ```ts
 * import { createDocument, type ReceivingOptions } from 'ringback/openapi'
 *
 * const receiving: ReceivingOptions = { timeoutMs: 5_000, receivers: 'https://docs.example.com/callbacks' }
 * console.log(createDocument([], { title: 'Invoices', version: '1.0.0' }, receiving).openapi) // 3.1.1
 * ```
 */
export interface ReceivingOptions {
  /**
   * The wait before each attempt, in seconds, for callbacks without a list of their own. Default: that of deliveries.
   */
  readonly retryDelaysSeconds?: readonly number[] | undefined
  /** The statuses that end a delivery, for callbacks without a list of their own. Default: 410. */
  readonly finalStatuses?: readonly number[] | undefined
  /** The time limit of an attempt, in milliseconds, for callbacks without one of their own. Default: 15,000. */
  readonly timeoutMs?: number | undefined
  /** A page with more for receivers: an `http` or `https` URL, or a path that begins with `/`. Default: none. */
  readonly receivers?: string | undefined
  /** When an endpoint of webhooks is disabled. Default: after 432,000 s (five days) and 10 attempts without a 2xx. */
  readonly endpoints?: Pick<EndpointOptions, 'disableAfterSeconds' | 'disableAfterAttempts'> | undefined
}

/** Throws a `DefinitionError` for a link that leads nowhere. */
export function checkReceivers(receivers: unknown): void {
  if (receivers === undefined || linkOf(receivers) !== undefined) return
  throw new DefinitionError(
    `"docs.receivers" is "${String(receivers)}": give the http or https URL of a page for receivers, or a path that begins with "/"`,
  )
}

/** The link in a form that is safe in Markdown. */
function linkOf(receivers: unknown): string | undefined {
  if (typeof receivers !== 'string') return undefined
  const here = 'http://here.invalid'
  const url = URL.parse(receivers, here)
  if (url?.origin === here) return receivers.startsWith('/') ? url.href.slice(here.length) : undefined
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}

/** What every receiver of a callback has to know, in one paragraph of Markdown. */
export function receivingNote(
  message: CompiledMessage,
  receiving: ReceivingOptions,
  servers: readonly ServerObject[] | undefined,
): string {
  return [
    verifyText(servers, 'that you got from whoever runs this API'),
    'It is sent at least once: the same `webhook-id` may come again.',
    scheduleText(message, receiving, finalStatusKeys(message.options, receiving)),
    ...linkText(receiving, 'How to receive callbacks'),
  ].join(' ')
}

/** How to verify a message; `whose` says which secret signs it. */
export const verifyText = (servers: readonly ServerObject[] | undefined, whose: string): string =>
  `**Verify it first**: \`webhook-signature\` signs \`webhook-id\`, \`webhook-timestamp\` and the bytes of the body (Standard Webhooks); \`v1a\` by a key of \`${keysUrl(servers)}\`, \`v1\` by the secret ${whose}.`

/** The waits and the time limit of a message: its own, else those of the application. */
export const timesOf = (
  { options }: CompiledMessage,
  receiving: ReceivingOptions,
): { readonly retryDelaysSeconds: readonly number[]; readonly timeoutMs: number } => ({
  retryDelaysSeconds: options.retryDelaysSeconds ?? receiving.retryDelaysSeconds ?? defaultRetryDelaysSeconds,
  timeoutMs: options.timeoutMs ?? receiving.timeoutMs ?? defaultTimeoutMs,
})

/** What acknowledges a message, and when it is sent again. `final` are the statuses after which it is not. */
export function scheduleText(message: CompiledMessage, receiving: ReceivingOptions, final: readonly string[]): string {
  const { retryDelaysSeconds, timeoutMs } = timesOf(message, receiving)
  const response = message.options.retryOnInvalidResponse === true ? 'A 2xx with a body as declared' : 'A 2xx'
  const ended = ending(final.map(key => key.toLowerCase()))
  return `${response} within ${timeText(timeoutMs / 1_000)} acknowledges it; a redirect is not followed${ended}; after anything else ${again(retryDelaysSeconds)}.`
}

/** A link to the page for receivers, where there is one. */
export function linkText({ receivers }: ReceivingOptions, text: string): string[] {
  const link = linkOf(receivers)
  return link === undefined ? [] : [`[${text}](<${link}>)`]
}

/**
 * The statuses that end a delivery of this callback, as keys of its responses in the document: `4XX` means all of them.
 */
export function finalStatusKeys(
  { finalStatuses }: Pick<CompiledMessage['options'], 'finalStatuses'>,
  receiving: Pick<ReceivingOptions, 'finalStatuses'>,
): readonly string[] {
  const statuses = finalStatuses ?? receiving.finalStatuses ?? defaultFinalStatuses
  const classes = Map.groupBy(statuses.toSorted(), status => Math.trunc(status / 100))
  return [...classes].flatMap(([first, all]) => (all.length === 100 ? [`${first}XX`] : all.map(String)))
}

const MOST_STATUSES = 12

function ending(statuses: readonly string[]): string {
  if (statuses.length === 0) return ''
  const shown = statuses.slice(0, MOST_STATUSES)
  const last = statuses.length > MOST_STATUSES ? 'others' : shown.pop()
  return `, and a ${shown.length === 0 ? last : `${shown.join(', ')} or ${last}`} ends the delivery`
}

/** Where the public keys are, from the point of view of a reader of the document. */
function keysUrl([server]: readonly ServerObject[] = []): string {
  const base = server === undefined || server.url.includes('{') ? '' : (server.url.split(/[?#]/, 1)[0] ?? '')
  return `${base.endsWith('/') ? base.slice(0, -1) : base}/.well-known/jwks.json`
}

const MOST_WAITS = 12

function again([, ...waits]: readonly number[]): string {
  if (waits.length === 0) return 'it is not sent again'
  const times = waits.length === 1 ? 'once' : `${waits.length} times`
  const shown = waits.slice(0, MOST_WAITS).map(timeText)
  const last = waits.length > MOST_WAITS ? '…' : shown.pop()
  const list = shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
  return `it is sent again at most ${times}: after ${list}, or later where \`Retry-After\` asks for it`
}

export function timeText(seconds: number): string {
  if (seconds >= 3_600 && seconds % 3_600 === 0) return `${seconds / 3_600} h`
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`
  return seconds > 0 && seconds < 1 ? `${Math.round(seconds * 1_000)} ms` : `${seconds} s`
}
