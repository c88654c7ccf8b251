import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { CallbackRuntime } from '../callback-runtime.ts'
import type { Deliverer } from '../deliverer.ts'
import { sendAtOnce } from '../request-deliveries.ts'
import { type SentWebhook, webhookRequest } from './webhook-request.ts'
import type { AnyWebhookSendOptions } from './webhook-send-options.ts'

/** A webhook that can be sent, as `BoundWebhook` describes it. Its method works without its object. */
export interface SendableWebhook {
  send(data: unknown, options?: AnyWebhookSendOptions): Promise<{ readonly id: string }>
}

/** `app.webhooks`, and the handler's `webhooks`. */
export type SendableWebhooks = Readonly<Record<string, SendableWebhook>>

/**
 * Makes webhooks ready to be sent. With a `deliverer`, that of a request, what they send is stored with all else of it.
 * Without one, it joins the request that runs, and is stored at once where none does.
 */
export function bindWebhooks(
  webhooks: Iterable<CompiledWebhook>,
  runtime: CallbackRuntime,
  deliverer?: Deliverer,
): SendableWebhooks {
  const bound: Record<string, SendableWebhook> = {}
  // Without options there is no owner, which is refused in its own words.
  for (const webhook of webhooks)
    bound[webhook.name] = { send: (data, options = NOTHING) => send(webhook, { data, options }, runtime, deliverer) }
  return Object.freeze(bound)
}

const NOTHING = {} as AnyWebhookSendOptions

function send(
  webhook: CompiledWebhook,
  sent: SentWebhook,
  runtime: CallbackRuntime,
  deliverer = runtime.current.getStore(),
): Promise<{ readonly id: string }> {
  const make = () => webhookRequest(webhook, sent, runtime)
  // What is no object is refused when the message is made.
  const transaction = (sent.options as Partial<AnyWebhookSendOptions> | null)?.transaction
  if (deliverer === undefined) return sendAtOnce(runtime.engine, make, transaction).then(idOnly)
  const id = deliverer.send(make, transaction).then(idOnly)
  // The request tells what was lost where the handler does not wait.
  id.catch(() => {})
  return id
}

const idOnly = ({ id }: { readonly id: string }) => ({ id })
