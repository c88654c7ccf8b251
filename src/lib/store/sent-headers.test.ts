import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { OutgoingRequest, Transport } from '../destination/transport/transport.ts'
import { memoryStore } from './memory-store.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const request = {
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'put',
  url: 'https://a.example/events/1',
  destination: 'https://a.example/events',
}
const body = new TextEncoder().encode('{"paid":true}')

const ways: Readonly<Record<string, (engine: DeliveryEngine, request: DeliveryRequest) => Promise<unknown>>> = {
  'is stored': async (engine, given) => {
    await engine.send(given)
    await engine.deliverDue()
  },
  'is called': (engine, given) => engine.call(given),
}

for (const [name, go] of Object.entries(ways)) {
  const sent = async (given: Partial<DeliveryRequest>): Promise<OutgoingRequest> => {
    const requests: OutgoingRequest[] = []
    const transport: Transport = {
      async send(outgoing) {
        requests.push(outgoing)
        return { status: 204, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
      },
      async close() {},
    }
    const engine = createDelivery({
      ...{ store: memoryStore(), transport, log, worker: false },
      signing: { masterSecret: 'm'.repeat(32) },
    })
    await go(engine, { ...request, ...given })
    await engine.close({ graceMs: 0 })
    assert.equal(requests.length, 1)
    return requests[0]!
  }

  test(`what ${name} has the headers of its request, above those of the engine`, async () => {
    const { method, headers } = await sent({ body, headers: { 'x-trace': 'a', 'user-agent': 'Invoices' } })
    assert.deepEqual([method, headers['x-trace'], headers['user-agent']], ['PUT', 'a', 'Invoices'])
    assert.equal(headers['content-type'], 'application/json')
  })

  test(`what ${name} without a body has no media type`, async () => {
    const { headers, body } = await sent({})
    assert.equal(body, undefined)
    assert.equal(headers['content-type'], undefined)
    assert.equal(headers['user-agent'], 'Ringback')
  })
}
