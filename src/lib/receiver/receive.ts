import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { compileReceiver } from './compiled-receiver.ts'
import { checkReceiveOptions, type ReceiveOptions } from './receive-options.ts'
import type { Receivable, ReceiveHandler } from './received.ts'
import { ReceiverRun } from './receiver-run.ts'

/**
 * Makes the receiver of a callback out of its definition: a web handler that verifies, validates, handles each message
 * once and responds as it is declared. It serves on Node through `toNodeHandler`, and as it is on Bun, Deno and in any
 * framework that has web `Request`s. It needs no application, and the definition may come from the sender's own package.
 *
 * The path is compared from its end: what stands before belongs to the base URL that you gave to the sender.
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
export function receive<const D extends Receivable>(
  definition: D,
  options: ReceiveOptions,
  handler: ReceiveHandler<D>,
): (request: Request) => Promise<Response> {
  if (typeof handler !== 'function')
    throw new DefinitionError(`The handler of "receive" is ${quoted(handler)}, not a function`)
  checkReceiveOptions(options)
  const run = new ReceiverRun(compileReceiver(definition), options, handler as (received: object) => unknown)
  return request => run.respond(request)
}
