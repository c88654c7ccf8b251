import { callback, memoryDedupe, receive, webhook } from 'ringback/receiver'
import { z } from 'zod'

const confirmed = callback.post('{$request.body.confirm_url}/confirmed', { body: z.object({ ok: z.boolean() }) })
const paid = callback.post('{$callback_url}/{item_id}/invoices/{$request.body.id}', {
  params: z.object({ item_id: z.number() }),
  body: z.object({ paid: z.boolean(), confirm_url: z.string().optional() }),
  response: z.object({ ok: z.boolean() }),
  responses: { 409: { body: z.object({ why: z.string() }) } },
  callbacks: { confirmed },
})
const options = { secrets: ['whsec_…'], dedupe: memoryDedupe() }

receive(paid, options, async ({ body, path, callbacks, respond, handled }) => {
  const number: number = path.item_id
  const text: string = path.id
  await callbacks.confirmed?.send({ ok: body.paid })
  if (text === '') return respond(409, { why: 'empty' })
  return number > 1 ? handled({ ok: true }) : { ok: true }
})

// error: Type '{}' is not assignable to type 'HandlerResult<
receive(paid, options, async () => ({}))

// error: Type 'string' is not assignable to type 'boolean'
receive(paid, options, async () => ({ ok: 'yes' }))

// error: Property 'number' does not exist
receive(paid, options, async ({ path }) => ({ ok: path.number === '7' }))

// error: is possibly 'undefined'
receive(paid, options, async ({ callbacks }) => ({ ok: callbacks.confirmed.url !== '' }))

// error: Argument of type '418' is not assignable
receive(paid, options, async ({ respond }) => respond(418, { why: 'teapot' }))

receive(paid, options, async ({ respond }) =>
  // error: Type 'number' is not assignable to type 'string'
  respond(409, { why: 7 }),
)

receive(callback.post('{$callback_url}', {}), options, () => {})

// error: 'keyUrl' does not exist in type 'ReceiveOptions'
receive(paid, { keyUrl: 'https://api.example.com/.well-known/jwks.json' }, async () => ({ ok: true }))

const webhooks = {
  'invoice.paid': webhook.post({ data: z.object({ id: z.string() }), headers: z.object({ 'x-tenant': z.string() }) }),
  'tank.measured': webhook.post({ body: z.object({ celsius: z.number() }) }),
}
receive(webhooks, options, {
  'invoice.paid': async ({ data, event, headers }) => {
    const texts: [string, 'invoice.paid', string] = [data.id, event, headers['x-tenant']]
    return texts.length
  },
  'tank.measured': ({ data, occurredAt, isTest, respond }) => {
    const at: Date | undefined = occurredAt
    return isTest || data.celsius > 0 ? respond(204) : void at
  },
})

// error: is missing in type
receive(webhooks, options, { 'invoice.paid': () => {} })

receive(webhooks, options, {
  // error: Property 'cents' does not exist on type '{ id: string; }'
  'invoice.paid': ({ data }) => data.cents,
  'tank.measured': () => {},
})

// error: 'late' does not exist in type
receive(webhooks, options, { 'invoice.paid': () => {}, 'tank.measured': () => {}, late: () => {} })
