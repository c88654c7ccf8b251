import { messageOf, type WebhookRuntime } from '../../callback/webhook/webhook-request.ts'
import type { AnyWebhookSendOptions } from '../../callback/webhook/webhook-send-options.ts'
import type { DeliveryRequest } from '../../delivery/delivery-request.ts'
import type { Endpoint, EndpointNotice } from '../../delivery/endpoints/endpoint.ts'
import type { NoticeKind } from '../../delivery/endpoints/endpoint-health.ts'
import { everyone } from '../../delivery/endpoints/owner.ts'
import type { WebhookCatalogue } from '../../delivery/endpoints/webhook-catalogue.ts'
import type { endpointEvents } from '../../operation/webhook/endpoint-events.ts'
import type { WebhookList } from './webhook-list.ts'

/** What the engine has to know of an application's webhooks, as they are when it asks. */
export function webhookCatalogue(webhooks: WebhookList, clock: WebhookRuntime['clock']): WebhookCatalogue {
  const runtime: WebhookRuntime = { clock, webhooks }
  return {
    get events() {
      return webhooks.all
    },
    example: event => exampleOf(event, runtime),
    notice: (kind, notice) => noticeOf(kind, notice, runtime),
  }
}

const EVERYONE: AnyWebhookSendOptions = { owner: everyone }

type Made = DeliveryRequest | undefined | Promise<DeliveryRequest | undefined>

/** The form that its own name asks for: no other is sent along. */
function exampleOf(event: string, runtime: WebhookRuntime): Made {
  const webhook = runtime.webhooks.byName(event)
  if (webhook?.example === undefined) return undefined
  const alone = { ...webhook, replaces: undefined }
  const happened = { data: webhook.example, options: EVERYONE, timestamp: new Date(runtime.clock.now()) }
  return messageOf(alone, happened, runtime)
}

function noticeOf(kind: NoticeKind, notice: EndpointNotice, runtime: WebhookRuntime): Made {
  const webhook = runtime.webhooks.byName(`endpoint.${kind}` satisfies keyof typeof endpointEvents)
  if (webhook === undefined) return undefined
  const { endpoint } = notice
  const options = { owner: endpoint.owner }
  const happened = { data: { ...notice, endpoint: shown(endpoint) }, options, timestamp: new Date(runtime.clock.now()) }
  const except = (request: DeliveryRequest): DeliveryRequest => ({
    ...request,
    // Told again, it may show a later state of the endpoint.
    webhook: { ...request.webhook!, except: endpoint.id, sameBytes: Buffer.from(endpoint.id) },
  })
  const made = messageOf(webhook, happened, runtime)
  return made instanceof Promise ? made.then(except) : except(made)
}

/** As it is told: without what it signs with. */
function shown({ secrets: _secrets, recovery: _recovery, ...endpoint }: Endpoint): object {
  return endpoint
}
