import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type RunningProgram, startProgram } from './support/child-process.ts'
import { Receiver } from './support/receiver.ts'

const SERVER = new URL('programs/named-store-app.ts', import.meta.url)
const TEST = fileURLToPath(new URL('programs/careless-test.ts', import.meta.url))
const WAYS = [
  'moves its clock',
  'delivers what is due',
  'stores and does not deliver',
  'uses an idempotency key again',
  'erases, cancels and replays',
  'has another secret',
]
const SIGNING_SECRET = 'a master secret that this deployment has'

/** Runs a test as a process of its own, with a broken environment if need be; rejects with its output. */
async function runTest(way: string, environment: Readonly<Record<string, string>>): Promise<void> {
  await promisify(execFile)(process.execPath, [TEST], { env: { ...process.env, WAY: way, ...environment } })
}

/** All rows of all tables. */
/** All but what the workers of the server note of the time. */
function everything(path: string): Record<string, unknown> {
  using database = new DatabaseSync(path, { readOnly: true })
  const tables = database
    .prepare(
      `select name from sqlite_master where type = 'table' and name not in ('ringback_engine', 'ringback_last_claim') order by name`,
    )
    .all()
  return Object.fromEntries(
    tables.map(({ name }) => [String(name), database.prepare(`select * from "${String(name)}"`).all()]),
  )
}

describe('A test beside a server whose definition names its store', () => {
  const receiver = new Receiver()
  let folder: string
  let path: string
  let server: RunningProgram
  let environment: Record<string, string>

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringback-named-store-'))
    path = join(folder, 'deliveries.sqlite')
    environment = { STORE_FILE: path, SIGNING_SECRET }
    await receiver.start()
    environment['RECEIVER'] = receiver.url
    server = await startProgram(SERVER, environment)
    for (const query of ['', '', '&key=once', '&delay_ms=86400000']) await post(query)
    await receiver.until(() => receiver.received.length === 3)
    await settled()
  })

  after(async () => {
    await server?.stop()
    await receiver.stop()
    await rm(folder, { recursive: true })
  })

  async function post(query: string): Promise<void> {
    const response = await fetch(`${server.url}/invoices/?callback_url=${receiver.url}${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"2expen51ve"}',
    })
    assert.equal(response.status, 200)
  }

  /** A receipt is recorded a moment later. */
  async function settled(): Promise<void> {
    for (;;) {
      const ended = everything(path)['ringback_settled'] as object[]
      if (ended.length === 3) return
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  for (const way of WAYS)
    it(`changes nothing where it ${way}`, async () => {
      const known = everything(path)
      assert.equal((known['ringback_delivery'] as unknown[]).length, 4)
      await runTest(way, environment)
      assert.deepEqual(everything(path), known)
      assert.equal(receiver.received.length, 3)
    })

  it('opens and makes no file, and needs neither the secret nor the store of the definition', async () => {
    const nowhere = join(folder, 'not-made', 'deliveries.sqlite')
    for (const way of WAYS)
      await runTest(way, {
        ...environment,
        STORE_FILE: nowhere,
        SIGNING_SECRET: 'short',
        RINGBACK_MASTER_SECRET: '',
        RINGBACK_STORE: folder,
      })
    assert.ok(!existsSync(join(folder, 'not-made')))
    assert.deepEqual(
      (await readdir(folder)).filter(name => !name.startsWith('deliveries.sqlite')),
      [],
    )
  })
})
