// Forty operations with four callbacks each, and one with every kind of value: the load of the docs page. Started by
// hand, it serves the page.
import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Address = z
  .object({ street: z.string(), city: z.string(), country: z.string().length(2) })
  .meta({ id: 'Address' })
const Customer = z
  .object({ id: z.uuid(), email: z.email(), name: z.string(), address: Address, joined: z.iso.datetime() })
  .meta({ id: 'Customer' })
const Order = z
  .object({
    id: z.string(),
    customer: Customer,
    lines: z.array(z.object({ sku: z.string(), count: z.int().positive() })),
  })
  .meta({ id: 'Order' })
const Event = z
  .object({ order: Order, status: z.enum(['paid', 'sent', 'returned']), at: z.iso.datetime() })
  .meta({ id: 'Event' })
const Received = z.object({ ok: z.boolean() }).meta({ id: 'Received' })

/** One value of every kind in schemas, by the name of the kind. */
export const everyKind = z.object({
  email: z.email(),
  emailOfCompany: z.email({ pattern: /^[a-z]+@example\.com$/ }),
  uuid: z.uuid(),
  uuidv4: z.uuidv4(),
  uuidv6: z.uuidv6(),
  uuidv7: z.uuidv7(),
  guid: z.guid(),
  url: z.url(),
  httpUrl: z.httpUrl(),
  hostname: z.hostname(),
  emoji: z.emoji(),
  nanoid: z.nanoid(),
  cuid: z.cuid(),
  cuid2: z.cuid2(),
  ulid: z.ulid(),
  xid: z.xid(),
  ksuid: z.ksuid(),
  ipv4: z.ipv4(),
  ipv6: z.ipv6(),
  mac: z.mac(),
  cidrv4: z.cidrv4(),
  cidrv6: z.cidrv6(),
  base64: z.base64(),
  base64url: z.base64url(),
  e164: z.e164(),
  jwt: z.jwt(),
  hex: z.hex(),
  sha256: z.hash('sha256'),
  iban: z.iban(),
  date: z.iso.date(),
  time: z.iso.time(),
  timeInMilliseconds: z.iso.time({ precision: 3 }),
  dateTime: z.iso.datetime(),
  dateTimeWithOffset: z.iso.datetime({ offset: true }),
  dateTimeLocal: z.iso.datetime({ local: true }),
  dateTimeInMilliseconds: z.iso.datetime({ precision: 3 }),
  dateTimeInSeconds: z.iso.datetime({ precision: 0 }),
  duration: z.iso.duration(),
  lowercase: z.string().lowercase(),
  startsWith: z.string().startsWith('order-'),
  invoice: z.string().regex(/^INV-\d+$/),
  slug: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  anything: z.string().regex(/^[\s\S]+$/),
  short: z.string().max(3),
  emailUpTo: z.email().max(30),
  price: z.number().positive(),
  cents: z.number().multipleOf(0.01),
  count: z.int(),
  positive: z.int().positive(),
  below: z.number().lt(-2.5),
  int32: z.int32(),
  uint32: z.uint32(),
  float32: z.float32(),
  float64: z.float64(),
  nullable: z.int().nullable(),
  list: z.array(z.email()).min(2),
  tuple: z.tuple([z.int(), z.uuid()]),
  either: z.union([
    z.object({ kind: z.literal('card'), last4: z.string().regex(/^\d{4}$/) }),
    z.object({ kind: z.literal('iban') }),
  ]),
  record: z.record(z.string(), z.int()),
})

const event = (name: string) =>
  callback.post(`{$callback_url}/${name}`, {
    summary: `Tells that an order was ${name}`,
    description: 'Sent in the order in which it happened.',
    body: Event,
    response: Received,
  })

export const app = new Ringback({ title: 'Orders', version: '1.0.0' })

app.put(
  '/kinds',
  {
    summary: 'Every kind of value',
    query: z.object({ callback_url: z.url() }),
    body: everyKind,
    response: everyKind,
    callbacks: { kinds: callback.post('{$callback_url}', { body: everyKind, response: everyKind }) },
  },
  async function everyKindOfValue({ body }) {
    return body
  },
)

for (let number = 1; number <= 40; number++)
  app.post(
    `/orders-${number}/{id}`,
    {
      operationId: `placeOrder${number}`,
      summary: `Place an order of kind ${number}`,
      tags: [`group ${Math.ceil(number / 10)}`],
      query: z.object({ callback_url: z.url() }),
      body: Order,
      response: Order,
      callbacks: { paid: event('paid'), sent: event('sent'), returned: event('returned'), refused: event('refused') },
    },
    async ({ body }) => body,
  )

if (import.meta.main) await serve(app, { port: 8123, host: '127.0.0.1' })
