import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import { startProgram } from '../support/child-process.ts'
import { Receiver } from '../support/receiver.ts'
import { acknowledgedId, postInvoice } from './post-invoice.ts'
import { soon } from './soon.ts'
import { TestStore } from './test-store.ts'

const PROGRAM = new URL('../programs/impatient-store.ts', import.meta.url)

it('A server whose store is locked by another process responds with 503 to new work, to everything else as before, and recovers', async context => {
  await using store = await TestStore.create()
  await using receiver = new Receiver()
  await receiver.start()
  const server = await startProgram(PROGRAM, store.environment)
  try {
    await acknowledgedId(await postInvoice(server.url, 'before', receiver.url))
    await soon(receiver.until(() => receiver.received.length === 1))

    using database = new DatabaseSync(store.path, { timeout: 5_000 })
    database.exec('begin exclusive')
    const refusing = Promise.all(['a', 'b', 'c'].map(invoice => postInvoice(server.url, invoice, receiver.url)))
    const responsesMs = await healthWhile(server.url, refusing)
    for (const refused of await refusing) {
      assert.equal(refused.status, 503)
      assert.match(await refused.text(), /nothing has happened/)
    }
    context.diagnostic(
      `${responsesMs.length} responses to other requests, p99 ${percentile(responsesMs, 0.99).toFixed(1)} ms`,
    )
    database.exec('rollback')

    await acknowledgedId(await postInvoice(server.url, 'after', receiver.url))
    await soon(receiver.until(() => receiver.received.length === 2))
    assert.deepEqual(
      receiver.received.map(({ url }) => url),
      ['/invoices/before', '/invoices/after'],
    )
    assert.equal(await soon(server.stop()), 0, server.output())
  } finally {
    await server.kill()
  }
})

/** Requests something that needs no store until the promise is settled. Gives the duration of each request. */
async function healthWhile(url: string, until: Promise<unknown>): Promise<number[]> {
  const responsesMs: number[] = []
  let waiting = true
  const settled = until.finally(() => {
    waiting = false
  })
  while (waiting) {
    const started = performance.now()
    const response = await fetch(`${url}/health`)
    assert.deepEqual(await response.json(), { ok: true })
    responsesMs.push(performance.now() - started)
  }
  await settled
  assert.ok(responsesMs.length > 1, 'other requests get responses while the store is locked')
  return responsesMs
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0
}
