import { systemClock } from '../clock.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { fittingLog } from '../log/fitting-log.ts'
import { consoleLog } from '../log/log.ts'
import { compileReceiver } from './compiled-receiver.ts'
import { type CallHandler, DefinedMessage } from './defined-message.ts'
import { fetchKeys } from './keys/fetch-keys.ts'
import { RemoteKeys } from './keys/remote-keys.ts'
import { checkReceiveOptions, type ReceiveOptions } from './receive-options.ts'
import type { Receivable, ReceiveHandler } from './received.ts'
import { ReceiverRun } from './receiver-run.ts'
import type { ReceivableWebhooks, WebhookHandlers } from './webhooks/received-webhook.ts'
import { WebhookMessages } from './webhooks/webhook-messages.ts'

/** The handler of a callback, or one for each of several webhooks. */
export type ReceiveHandlers<D> = D extends Receivable
  ? ReceiveHandler<D>
  : D extends ReceivableWebhooks
    ? WebhookHandlers<D>
    : never

/**
 * Makes the receiver of a callback out of its definition, or of webhooks out of theirs: a web handler that verifies, validates, handles each message
 * once and responds as it is declared. It serves on Node through `toNodeHandler`, and as it is on Bun, Deno and in any
 * framework that has web `Request`s. It needs no application, and the definition may come from the sender's own package.
 *
 * The path of a callback is compared from its end: what stands before belongs to the base URL that you gave to the sender.
 *
 * Webhooks are given by the names of their events, with a handler for each: one URL gets them all, at whatever path. `type`
 * of the body chooses among those with `data`, and among those with `body` the schema that takes it. An event that is not
 * among them is acknowledged with a 204, and the log names it: the sender may add some. Tests of an endpoint are refused with
 * a 403 unless `acceptTests` is set.
 *
 * It responds with a problem (RFC 9457): 401 to what is not signed correctly, 404 and 405 to what is another path or
 * method, 413, 415, 400 and 422 to what cannot be taken, 409 to a message that is being handled at the moment, 503 where
 * keys or dedupe are not to be had. None of these ends a delivery, so the sender repeats it. A handler that throws is a 500,
 * and the next attempt is handled again.
 *
 * Throws a `DefinitionError` for options that cannot be meant, and `SigningKeyError` for keys that cannot be used.
 *
 * @example
 * ```ts
 * import { callback } from 'ringback'
 * import { memoryDedupe, receive } from 'ringback/receiver'
 * import { generateSecret, sign } from 'ringback/signature'
 * import { z } from 'zod'
 *
 * const paid = callback.post('{$callback_url}/invoices/{$request.body.id}', {
 *   body: z.object({ paid: z.boolean() }),
 *   response: z.object({ ok: z.boolean() }),
 * })
 * const secret = generateSecret()
 * const handler = receive(paid, { secrets: [secret], dedupe: memoryDedupe() }, async ({ body, path }) => {
 *   console.log(path.id, body.paid) // 2expen51ve true
 *   return { ok: true }
 * })
 *
 * const body = '{"paid":true}'
 * const timestamp = Math.floor(Date.now() / 1000)
 * const headers = {
 *   'content-type': 'application/json',
 *   'webhook-id': 'msg_1',
 *   'webhook-timestamp': String(timestamp),
 *   'webhook-signature': sign({ id: 'msg_1', timestamp, body, secrets: [secret] }),
 * }
 * const url = 'https://www.external.org/events/invoices/2expen51ve'
 * const response = await handler(new Request(url, { method: 'POST', headers, body }))
 * console.log(response.status, await response.json()) // 200 { ok: true }
 * ```
 */
export function receive<const D extends Receivable | ReceivableWebhooks>(
  definition: D,
  options: ReceiveOptions,
  handler: ReceiveHandlers<D>,
): (request: Request) => Promise<Response> {
  const takes = checkReceivable(definition, handler)
  checkReceiveOptions(options, takes)
  const { clock = systemClock, fetch = globalThis.fetch, keysUrl } = options
  const log = fittingLog(options.log ?? consoleLog)
  const remote = keysUrl === undefined ? undefined : new RemoteKeys(() => fetchKeys(keysUrl, fetch), clock, log)
  const parts = { options, clock, log, remote }
  const taker =
    takes === 'webhooks'
      ? new WebhookMessages(definition as ReceivableWebhooks, parts, handler as Readonly<Record<string, CallHandler>>)
      : new DefinedMessage(compileReceiver(definition as Receivable), parts, handler as CallHandler)
  const run = new ReceiverRun(taker, parts)
  return request => run.respond(request)
}

function checkReceivable(definition: unknown, handler: unknown): 'callback' | 'webhooks' {
  const { kind, url } = (definition ?? {}) as { readonly kind?: unknown; readonly url?: unknown }
  if (kind === 'callback' && typeof url === 'string') {
    if (typeof handler === 'function') return 'callback'
    throw new DefinitionError(`The handler of "receive" is ${quoted(handler)}, not a function`)
  }
  if (kind === 'webhook')
    throw new DefinitionError(
      '"receive" needs the name of the event as well: write receive({ "invoice.paid": definition }, {…}, { "invoice.paid": handler })',
    )
  const webhooks = Object.entries(definition ?? {})
  if (webhooks.length === 0 || !webhooks.every(([, one]) => one?.kind === 'webhook'))
    throw new DefinitionError(
      '"receive" needs the definition of a callback first, or webhooks by the names of their events: make them with callback.post(url, {…}) and webhook.post({…}), or import those of the sender',
    )
  checkHandlers(
    webhooks.map(([event]) => event),
    handler,
  )
  return 'webhooks'
}

function checkHandlers(events: readonly string[], handlers: unknown): void {
  const given: Readonly<Record<string, unknown>> = Object(handlers)
  for (const event of events)
    if (!Object.hasOwn(given, event) || typeof given[event] !== 'function')
      throw new DefinitionError(`"receive" has no handler for the webhook "${event}": give a function by this name`)
  const other = Object.keys(given).find(name => !events.includes(name))
  if (other !== undefined)
    throw new DefinitionError(
      `"receive" has a handler for "${other}", and no webhook of this name: give its definition`,
    )
}
