import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { Ringback } from '../../app/ringback.ts'
import { webhook } from '../../operation/webhook-definition.ts'
import { testClient } from '../../testing/test-client.ts'
import { receive } from '../receive.ts'

const at = z.codec(z.iso.datetime(), z.date(), { decode: text => new Date(text), encode: date => date.toISOString() })
const paid = webhook.post({ data: z.object({ id: z.string() }), example: { id: 'of a test' } })
const as = ({ invoice }: { readonly invoice: { readonly id: string } }) => ({ id: invoice.id })
const webhooks = {
  'invoice.paid': paid,
  'invoice.paid.v2': webhook.post({
    data: z.object({ invoice: z.object({ id: z.string() }), at }),
    response: z.object({ ok: z.boolean() }),
    replaces: { webhook: paid, since: '2020-01-01', as },
  }),
}
const owner = 'acme'
const url = 'https://hooks.external.org/any'

test('What an application sends to an endpoint is what the document says, and receive takes it', async () => {
  const app = new Ringback({ title: 'Invoices', version: '1.0.0', webhooks })
  await using client = await testClient(app)
  const { id: audience, secret } = await client.endpoints.create({ owner, url, events: ['*'] })
  const { keys } = await (await client.get('/.well-known/jwks.json')).json()
  const seen: unknown[] = []
  const { clock } = client
  const receivers = [{ secrets: [secret] }, { publicKeys: keys }, { secrets: [secret], acceptTests: true }].map(key =>
    receive(
      webhooks,
      { ...key, audience, clock, dedupe: false },
      {
        'invoice.paid': ({ event, data, isTest }) => void seen.push([event, data, isTest]),
        'invoice.paid.v2': ({ event, data, isTest }) => {
          seen.push([event, data, isTest])
          return { ok: true }
        },
      },
    ),
  )
  const bodies: unknown[] = []
  const statuses: number[] = []
  client.externalApi(url, async request => {
    bodies.push(await request.clone().json())
    const [first, ...others] = await Promise.all(receivers.map(receiver => receiver(request.clone())))
    statuses.push(...[first!, ...others].map(({ status }) => status))
    return first!
  })
  const data = { invoice: { id: '7' }, at: '2026-01-31T12:00:00.000Z' }
  await app.webhooks['invoice.paid.v2'].send(data, { owner })
  await client.deliver()
  assert.deepEqual(statuses.splice(0), [200, 200, 200])
  assert.deepEqual(seen.splice(0), Array(3).fill(['invoice.paid.v2', { ...data, at: new Date(data.at) }, false]))
  assert.equal((await app.endpoints.test(audience, { owner, event: 'invoice.paid' })).status, 403)
  assert.deepEqual(statuses, [403, 403, 204])
  assert.deepEqual(seen, [['invoice.paid', { id: 'of a test' }, true]])
  const { components } = app.openapi()
  const schema = { ...components?.schemas?.['WebhookMessage'], components }
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
  for (const body of bodies) assert.ok(validate(body), JSON.stringify(validate.errors))
  assert.equal(bodies.length, 2)
  assert.equal(validate({ ...Object(bodies[0]), type: 'invoice.paid' }), false)
})
