import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generateSecret } from 'ringback/signature'
import { startProgram } from '../support/child-process.ts'
import { signedRequest } from '../support/signed-request.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringback-shared-'))
const secret = generateSecret()
const program = new URL('../programs/shared-receiver.ts', import.meta.url)
const start = (AHEAD_MS = '0') =>
  startProgram(program, { RECEIVER_SECRET: secret, RECEIVED_PATH: join(folder, 'received.sqlite'), AHEAD_MS })
const timestamp = Math.floor(Date.now() / 1_000)
const send = (url: string, id: string, hangs = false) =>
  fetch(signedRequest(url, { id, body: JSON.stringify({ hangs }), timestamp, secrets: [secret] }))

const [first, second, later] = await Promise.all([start(), start(), start('61000')])
after(async () => {
  await Promise.all([first.kill(), second.stop(), later.stop()])
  await rm(folder, { recursive: true })
})

test('of two processes, one handles a message, and both give its response', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `msg_${index}`)
  const responsesOf = async (id: string) => {
    const sent = [first, second, first, second].map(({ url }) => send(url, id))
    const statuses = (await Promise.all(sent)).map(({ status }) => status)
    assert.ok(
      statuses.every(status => status === 200 || status === 409),
      statuses.join(),
    )
    assert.ok(statuses.includes(200))
    return Promise.all([first, second].map(async ({ url }) => (await send(url, id)).json()))
  }
  const responses = await Promise.all(ids.map(responsesOf))
  for (const [one, other] of responses) assert.deepEqual(one, other)
  const runs = new Set(responses.map(([one]) => `${one.pid} ${one.run}`))
  assert.equal(runs.size, ids.length)
})

test('a handler that was killed runs again when its lease is over', async () => {
  const hangs = once(first.process, 'message')
  const lost = assert.rejects(send(first.url, 'msg_killed', true))
  await hangs
  await first.kill()
  await lost
  const early = await send(second.url, 'msg_killed', true)
  assert.equal(early.status, 409)
  assert.ok(Number(early.headers.get('retry-after')) <= 60)
  const response = await send(later.url, 'msg_killed', true)
  assert.equal((await response.json()).pid, later.process.pid)
  assert.equal((await (await send(second.url, 'msg_killed', true)).json()).pid, later.process.pid)
})
