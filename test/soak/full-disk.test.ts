import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import { type RunningProgram, startProgram } from '../support/child-process.ts'
import { Receiver } from '../support/receiver.ts'
import { acknowledgedId, postInvoice } from './post-invoice.ts'
import { soon } from './soon.ts'
import { TestStore } from './test-store.ts'

const PROGRAM = new URL('../programs/small-disk.ts', import.meta.url)
const FEW_PAGES = 60
const PLENTY_OF_PAGES = 100_000

it('A server with a full disk responds with 503 to new work, loses nothing it acknowledged, and recovers', async context => {
  await using store = await TestStore.create()
  await using receiver = new Receiver()
  await receiver.start()
  await receiver.stop()
  const server = await startProgram(PROGRAM, store.environment)
  const acknowledged: string[] = []
  try {
    await limitPages(server, FEW_PAGES)
    const refused = await postUntilRefused(server.url, receiver.url, acknowledged)
    assert.equal(refused.status, 503)
    assert.match(await refused.text(), /nothing has happened/)
    assert.equal((await fetch(`${server.url}/health`)).status, 200)

    await limitPages(server, PLENTY_OF_PAGES)
    await receiver.start()
    acknowledged.push(await acknowledgedId(await postInvoice(server.url, 'last', receiver.url)))
    const arrivedIds = () => new Set(receiver.received.map(({ headers }) => String(headers['webhook-id']).slice(0, 29)))
    await soon(receiver.until(() => arrivedIds().size >= acknowledged.length))
    assert.deepEqual([...arrivedIds()].toSorted(), acknowledged.toSorted())
    assert.equal(await soon(server.stop()), 0, server.output())
    context.diagnostic(`${acknowledged.length} acknowledged, ${receiver.received.length} arrived`)
  } finally {
    await server.kill()
  }
})

async function limitPages({ process: child }: RunningProgram, pages: number): Promise<void> {
  const limited = once(child, 'message')
  child.send(pages)
  await limited
}

async function postUntilRefused(server: string, callbackUrl: string, acknowledged: string[]): Promise<Response> {
  for (;;) {
    const response = await postInvoice(server, `i${acknowledged.length}`, callbackUrl)
    if (response.status !== 200) return response
    acknowledged.push(await acknowledgedId(response))
  }
}
