import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { recipientSecret } from 'ringback/signature'
import { Webhook } from 'standardwebhooks'
import { startProgram } from './support/child-process.ts'
import { Receiver } from './support/receiver.ts'

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 3)
const PROGRAM = new URL('./programs/invoices.ts', import.meta.url)
const MASTER_SECRET = 'a master secret that only this test knows'

it(`serve loses nothing it accepted to kill -9, in ${ROUNDS} rounds`, async context => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-crash-'))
  const environment = { RINGBACK_STORE: join(folder, 'deliveries.sqlite'), RINGBACK_MASTER_SECRET: MASTER_SECRET }
  await using receiver = new Receiver()
  await receiver.start()
  const destination = `${receiver.url}/events`
  const accepted: string[] = []
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await receiver.stop()
      const first = await startProgram(PROGRAM, environment)
      const response = await fetch(`${first.url}/invoices/?callback_url=${destination}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: `invoice-${round}` }),
      })
      assert.equal(response.status, 200)
      accepted.push(((await response.json()) as { delivery: string }).delivery)
      await first.kill()

      await receiver.start()
      const second = await startProgram(PROGRAM, environment)
      await receiver.until(() => receiver.received.some(({ url }) => url === `/events/invoices/invoice-${round}`))
      assert.equal(await second.stop(), 0, second.output())
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const webhook = new Webhook(recipientSecret(MASTER_SECRET, destination))
  for (const [round, id] of accepted.entries()) {
    const arrived = receiver.received.filter(({ url }) => url === `/events/invoices/invoice-${round}`)
    for (const { headers, body } of arrived) {
      assert.ok(String(headers['webhook-id']).startsWith(`${id}_`), 'the id that was stored is the id that arrives')
      assert.deepEqual(webhook.verify(body, headers as Record<string, string>), {
        description: 'Payment celebration',
        paid: true,
      })
    }
  }
  context.diagnostic(`${accepted.length} accepted, ${receiver.received.length - accepted.length} duplicates`)
})
