import type { DeliveryRequest } from '../delivery-request.ts'
import type { EndpointNotice } from './endpoint.ts'
import type { NoticeKind } from './endpoint-health.ts'

/** The webhooks of an application, as far as its endpoints need them. */
export interface WebhookCatalogue {
  /** The names of all events, and whether each is documented, and so part of `*`. */
  readonly events: ReadonlyMap<string, { readonly documented: boolean }>
  /** The message of an event's example; undefined if it has none. */
  example(event: string): DeliveryRequest | undefined | Promise<DeliveryRequest | undefined>
  /** The message that tells the owner's other endpoints; undefined if the application has no such event. */
  notice(kind: NoticeKind, notice: EndpointNotice): DeliveryRequest | undefined | Promise<DeliveryRequest | undefined>
}

/** That of an engine without webhooks. */
export const noWebhooks: WebhookCatalogue = { events: new Map(), example: () => undefined, notice: () => undefined }
