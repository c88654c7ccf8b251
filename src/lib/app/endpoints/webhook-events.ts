import { serializeJsonPointer } from '../../json/json-pointer.ts'
import type { OpenApiDocument } from '../../openapi/create-document.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import { EVENT_LIST, type ShownEvent } from './message-schemas.ts'
import type { OfferedEvents } from './offered-events.ts'
import type { OwnerRouter } from './owner-router.ts'

/** The operation that shows which events there are. */
export function readEvents(router: OwnerRouter, events: OfferedEvents): void {
  router.get(
    '/events',
    { operationId: 'listWebhookEvents', summary: 'List the events that there are', response: EVENT_LIST },
    async ({ '~call': call }) => ({
      items: events.of(call.webhooks).map(webhook => shownEvent(webhook, call.document)),
    }),
  )
}

/** An event as the document describes it, without what the document says of all of them. */
function shownEvent({ name, options }: CompiledWebhook, document: OpenApiDocument): ShownEvent {
  const post = document.webhooks?.[name]?.post
  const [type = 'application/json', media] = Object.entries(post?.requestBody?.content ?? {})[0] ?? []
  const reference: unknown = media?.schema?.['$ref']
  const tokens = ['webhooks', name, 'post', 'requestBody', 'content', type, 'schema']
  return {
    name,
    summary: post?.summary ?? name,
    description: options.description ?? null,
    deprecated: post?.deprecated ?? false,
    example: media?.example ?? null,
    schema: typeof reference === 'string' ? reference : `#${serializeJsonPointer(tokens)}`,
  }
}
