import assert from 'node:assert/strict'
import { it } from 'node:test'
import { testClient } from 'ringback/testing'
import { app, Cents, Seconds } from '../examples/value-types.ts'
import { assertValid } from './support/check-document.ts'

const booking = {
  id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  start: '2026-05-04T14:00:00+02:00',
  length: 'P1DT2H30M',
  price: '12.30',
  tags: ['a', 'b', 'a'],
  image: 'AQID',
  day: '2026-05-04',
  at: '14:23:55',
}

it('dates, durations, decimals, sets and bytes come in and go out', async () => {
  await using client = await testClient(app)
  const response = await client.put('/bookings/7', { json: booking })
  assert.deepEqual(await response.json(), {
    ...booking,
    start: '2026-05-05T14:30:00.000Z',
    length: 'PT95400S',
    price: '24.60',
    tags: ['a', 'b', 'moved'],
  })
  const wrong = { ...booking, start: 'noon', length: '1 day', price: 12.3, tags: 'a', image: '?' }
  const refused = await client.put('/bookings/7', { json: wrong })
  assert.equal(refused.status, 422)
  const { errors } = (await refused.json()) as { errors: { pointer: string }[] }
  assert.deepEqual([...new Set(errors.map(({ pointer }) => pointer))].toSorted(), [
    '#/image',
    '#/length',
    '#/price',
    '#/start',
    '#/tags',
  ])
})

it('the document shows what is sent, on both sides', async () => {
  const document = app.openapi()
  await assertValid(document)
  const { properties } = document.components!.schemas!['Booking'] as {
    properties: Record<string, { type: string; format?: string }>
  }
  const shown = Object.entries(properties).map(([name, { type, format }]) => [name, format ?? type])
  assert.deepEqual(Object.fromEntries(shown), {
    id: 'uuid',
    start: 'date-time',
    length: 'duration',
    price: 'string',
    tags: 'array',
    image: 'base64',
    day: 'date',
    at: 'string',
  })
  assert.equal(document.components!.schemas!['BookingOutput'], undefined)
})

it('an amount and a duration keep their value', () => {
  for (const text of ['0.00', '0.05', '-0.05', '-12.30', '123456789012345678.99'])
    assert.equal(Cents.encode(Cents.decode(text)), text)
  for (const [text, seconds] of [
    ['PT0S', 0],
    ['PT1.5S', 1.5],
    ['P2D', 172_800],
    ['PT1H1M1S', 3661],
  ] as const)
    assert.deepEqual([Seconds.decode(text), Seconds.decode(Seconds.encode(seconds))], [seconds, seconds])
})
