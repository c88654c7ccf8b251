import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { startProgram } from '../../../test/support/child-process.ts'
import { HangingDisk } from '../../../test/support/hanging-disk.ts'

const program = new URL('../../../test/programs/hanging-app.ts', import.meta.url)

/** A server that has stored something, and a client that has it store more. */
async function setUp(t: TestContext, waitLimitMs: number, graceMs = 100) {
  const disk = new HangingDisk(t)
  const environment = { TEST_STORE: disk.path, WAIT_LIMIT_MS: `${waitLimitMs}`, GRACE_MS: `${graceMs}` }
  const server = await startProgram(program, environment)
  t.after(() => server.kill())
  const exited = once(server.process, 'exit')
  const post = () => fetch(`${server.url}/x?callback_url=https://a.example/`, { method: 'POST' })
  while ((await post()).status !== 204);
  return { disk, server, post, exited }
}

/** Resolves when the program has printed the text. */
async function untilPrinted({ server }: Awaited<ReturnType<typeof setUp>>, text: string): Promise<void> {
  while (!server.output().includes(text)) await new Promise(resolve => setImmediate(resolve))
}

test('a request whose deliveries may have been stored is answered so, and later ones are refused', async t => {
  const { disk, post } = await setUp(t, 300)
  disk.hang('after')
  const first = await post()
  assert.equal(first.status, 503)
  assert.equal(first.headers.get('retry-after'), null)
  assert.match(await first.text(), /not known whether the request was stored/)
  const second = await post()
  assert.equal(second.status, 503)
  assert.match(await second.text(), /nothing has happened/)
  disk.goOn()
  while ((await post()).status !== 204);
})

test('one signal ends a server whose store answers, with exit code 0', async t => {
  const { server, exited } = await setUp(t, 5_000)
  server.process.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
})

for (const when of ['before', 'after'] as const)
  test(`one signal ends a server whose disk hangs ${when} a commit`, async t => {
    const { disk, server, post, exited } = await setUp(t, 3_600_000)
    disk.hang(when)
    const refused = assert.rejects(post())
    await disk.reached(when)
    server.process.kill('SIGTERM')
    assert.deepEqual(await exited, [null, 'SIGKILL'])
    assert.match(server.output(), /The disk of the delivery store does not answer/)
    await refused
  })

test('a second signal ends a server at once whose disk hangs', async t => {
  const running = await setUp(t, 3_600_000, 3_600_000)
  const { disk, server, post, exited } = running
  disk.hang('after')
  post().catch(() => {})
  await disk.reached('after')
  server.process.kill('SIGINT')
  await untilPrinted(running, 'SIGINT: closing')
  // The same signal once more within half a second is taken for the first one.
  await new Promise(resolve => setTimeout(resolve, 600))
  server.process.kill('SIGTERM')
  assert.deepEqual(await exited, [null, 'SIGKILL'])
})
