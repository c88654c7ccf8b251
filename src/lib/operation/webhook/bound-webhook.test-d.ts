import { z } from 'zod'
import type { Ringback } from '../../app/ringback.ts'
import { type Handler, operation } from '../operation.ts'
import type { Route } from '../route.ts'
import type { SocketRoute } from '../socket/socket-route.ts'
import { webhook } from '../webhook-definition.ts'
import type { BoundWebhook, BoundWebhooks, EventName } from './bound-webhook.ts'

// This file only has to compile: nothing in it runs.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(equal: Same<A, B>): void

const Paid = z.object({ id: z.string(), at: z.string().default('now') })
const paid = webhook.post({ data: Paid })
const tagged = webhook.post({ body: Paid, headers: z.object({ 'x-tenant': z.string() }) })

declare const post: Route<'', {}, {}, { tagged: typeof tagged }>
declare const websocket: SocketRoute<'', {}, {}, { tagged: typeof tagged }>

// A handler sees what its router and its operation declare
post('/', { webhooks: { 'invoice.paid': paid } }, async ({ webhooks }) => {
  same<keyof typeof webhooks, 'tagged' | 'invoice.paid'>(true)
  const sent = await webhooks['invoice.paid'].send({ id: '7' }, { owner: 'a' })
  same<typeof sent, { readonly id: string }>(true)
  await webhooks.tagged.send({ id: '7' }, { owner: 'a', headers: { 'x-tenant': 'b' } })
})
post('/none', {}, async ({ webhooks }) => same<keyof typeof webhooks, 'tagged'>(true))
websocket('/socket', { webhooks: { 'invoice.paid': paid } }, async ({ webhooks }) => {
  same<keyof typeof webhooks, 'tagged' | 'invoice.paid'>(true)
})
const apart = operation('/apart', { webhooks: { 'invoice.paid': paid } })
export const handler: Handler<typeof apart> = async ({ webhooks }) => same<keyof typeof webhooks, 'invoice.paid'>(true)

same<
  BoundWebhooks<{ paid: typeof paid }>['paid'],
  BoundWebhook<typeof Paid, import('../callback-definition.ts').NoCallbackHeaders>
>(true)
same<EventName<{ a: typeof paid; b: typeof paid }>, 'a' | 'b'>(true)
same<EventName<{}>, string>(true)

// `as` gets the validated data of the new form and gives what the earlier form takes
webhook.post({
  data: z.object({ total: z.number(), at: z.string().default('now') }),
  replaces: {
    webhook: paid,
    since: '2026-01-31',
    as: data => {
      same<typeof data, { total: number; at: string }>(true)
      return { id: data.at }
    },
  },
})

// `onResponse` sees the declared response, and which endpoint has given it
webhook.post({
  data: Paid,
  response: z.object({ ok: z.boolean() }),
  onResponse: ({ status, body, bytes, headers }, { id, endpoint, owner }) => {
    same<typeof body, { ok: boolean } | undefined>(true)
    same<[typeof status, typeof bytes, typeof headers], [number, Uint8Array, Headers]>(true)
    same<[typeof id, typeof endpoint, typeof owner], [string, string, string]>(true)
  },
})

// An application with webhooks is one wherever any application will do
declare function serve(app: Ringback): void
declare const app: Ringback<{}, {}, { 'invoice.paid': typeof paid }>
serve(app)
