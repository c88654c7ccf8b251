import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startProgram } from './support/child-process.ts'
import { Receiver } from './support/receiver.ts'

const PROGRAM = new URL('./programs/told-of-failure.ts', import.meta.url)

test('a failure of which a process was told while it died is told by the next process', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  await using receiver = new Receiver(response => response.writeHead(410).end())
  await receiver.start()
  const environment = { STORE: join(folder, 'deliveries.sqlite'), RECEIVER: receiver.url }
  const [, signal] = await once(fork(PROGRAM, { env: { ...process.env, ...environment }, silent: true }), 'exit')
  assert.equal(signal, 'SIGKILL')
  const next = await startProgram(PROGRAM, { ...environment, LATER_MS: '61000' })
  assert.deepEqual(JSON.parse(next.url), ['msg_1', 'failed', 410])
  assert.equal(await next.stop(), 0, next.output())
  assert.equal(receiver.received.length, 1)
})
