// A test of the application that names its store: it moves its clock, sends, claims, and uses keys as tests do.
import assert from 'node:assert/strict'
import { testClient } from 'ringback/testing'
import { app, deliveries } from './named-store-app.ts'

const EXTERNAL = 'https://shop.example'
const json = { id: '2expen51ve' }

/** What tests do, by name; each is run separately. */
const ways: Readonly<Record<string, () => Promise<void>>> = {
  async 'moves its clock'() {
    await using client = await testClient(app)
    client.clock.advance({ days: 400 })
    await client.deliver()
  },
  async 'delivers what is due'() {
    await using client = await testClient(app)
    for (const days of [2, 30, 400]) {
      client.clock.advance({ days })
      await client.deliver()
    }
  },
  async 'stores and does not deliver'() {
    await using client = await testClient(app)
    const url = process.env['RECEIVER'] ?? EXTERNAL
    await client.post(`/invoices/?callback_url=${EXTERNAL}`, { json })
    // A URL on the same machine, where the server would be allowed to send.
    assert.equal((await client.post(`/invoices/?callback_url=${url}`, { json })).status, 422)
    assert.equal(client.deliveries.length, 1)
  },
  async 'uses an idempotency key again'() {
    for (const id of ['first', 'second']) {
      await using client = await testClient(app)
      const response = await client.post(`/invoices/?callback_url=${EXTERNAL}&key=once`, { json: { id } })
      assert.equal(response.status, 200)
      assert.equal((await app.deliveries.list()).items.length, 1)
    }
  },
  async 'erases, cancels and replays'() {
    await using client = await testClient(app)
    for (const { id } of (await deliveries.list()).items) await deliveries.cancel(id)
    assert.equal((await (await deliveries.replayAll({ state: 'delivered' })).finished()).replayed, 0)
    assert.equal(await app.deliveries.erase({}), 0)
    assert.deepEqual(client.deliveries, [])
  },
  async 'has another secret'() {
    await using client = await testClient(app)
    assert.notEqual(await app.secretFor(EXTERNAL), process.env['SECRET_OF_SERVER'])
    client.externalApi(EXTERNAL, () => Response.json({ ok: true }))
    await client.post(`/invoices/?callback_url=${EXTERNAL}`, { json })
    await client.deliver()
    assert.equal((await deliveries.counts()).delivered, 1)
  },
}

await ways[process.env['WAY'] ?? '']!()
