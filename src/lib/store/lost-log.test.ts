import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { claimIds, newDelivery, startMs } from './conformance/rows.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const now = startMs

function temporaryPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'd.sqlite')
}

/** A process that stores what it is told and says when that is acknowledged, until it is killed. */
class StoringProcess {
  readonly #child: ChildProcess
  constructor(t: TestContext, path: string) {
    const program = `
      const { sqliteStore } = await import(${JSON.stringify(new URL('./sqlite/sqlite-store.ts', import.meta.url))})
      const { newDelivery } = await import(${JSON.stringify(new URL('./conformance/rows.ts', import.meta.url))})
      const store = sqliteStore({ path: ${JSON.stringify(path)} })
      process.on('message', async id => {
        const stored = await store.add({ rows: [newDelivery(id)], now: 0 }).then(() => true, String)
        process.send({ id, stored })
      })`
    this.#child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    // A test that fails must not wait for it.
    t.after(() => this.#child.kill('SIGKILL'))
  }

  /** Resolves to true where it was acknowledged. */
  async store(id: string): Promise<unknown> {
    this.#child.send(id)
    const [message] = await once(this.#child, 'message')
    return (message as { stored: unknown }).stored
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}

async function storedIn(path: string): Promise<string[]> {
  const store = sqliteStore({ path, log: new RecordingLog() })
  const { items } = await store.list({ limit: 100 })
  await store.close()
  return items.map(({ id }) => id).toSorted()
}

for (const [what, lose] of [
  ['its log was removed', path => rmSync(`${path}-wal`)],
  ['the index of its log was removed', path => rmSync(`${path}-shm`)],
  [
    'both were removed',
    path => {
      rmSync(`${path}-wal`)
      rmSync(`${path}-shm`)
    },
  ],
  ['its log was moved away', path => renameSync(`${path}-wal`, `${path}-old`)],
  [
    'its log was replaced by a copy',
    path => {
      copyFileSync(`${path}-wal`, `${path}-copy`)
      renameSync(`${path}-copy`, `${path}-wal`)
    },
  ],
  [
    'its log was replaced by an empty file',
    path => {
      rmSync(`${path}-wal`)
      writeFileSync(`${path}-wal`, '')
    },
  ],
] as readonly (readonly [string, (path: string) => void])[])
  test(`kill -9 loses nothing that was acknowledged after ${what}, nor what was before`, async t => {
    const path = temporaryPath(t)
    const storing = new StoringProcess(t, path)
    for (const id of ['a', 'b']) assert.equal(await storing.store(id), true)
    lose(path)
    for (const id of ['c', 'd']) assert.equal(await storing.store(id), true)
    await storing.kill()
    assert.deepEqual(await storedIn(path), ['a', 'b', 'c', 'd'])
  })

test('a log that is removed again and again is saved each time, also through a link', async t => {
  const [path, other] = [temporaryPath(t), temporaryPath(t)]
  symlinkSync(other, path)
  const storing = new StoringProcess(t, path)
  const ids = ['a', 'b', 'c', 'd', 'e']
  for (const id of ids) {
    assert.equal(await storing.store(id), true)
    rmSync(`${other}-wal`)
  }
  assert.equal(await storing.store('last'), true)
  await storing.kill()
  assert.deepEqual(await storedIn(path), [...ids, 'last'])
})

/** Whoever is just saving the log may make a disk error of another's write: it was not done, and is asked for again. */
async function untilStored(store: () => Promise<unknown>): Promise<void> {
  for (let tries = 5; tries > 1; tries--)
    try {
      await store()
      return
    } catch {}
  await store()
}

test('several that share a log which is removed go on with one another, and lose nothing', async t => {
  const path = temporaryPath(t)
  const log = new RecordingLog()
  const stores = [1, 2, 3].map(() => sqliteStore({ path, log }))
  const storing = new StoringProcess(t, path)
  const expected: string[] = []
  const add = async (round: number) => {
    const own = stores.map(async (store, at) => {
      await untilStored(() => store.add({ rows: [newDelivery(`s${round}-${at}`)], now }))
      expected.push(`s${round}-${at}`)
    })
    await Promise.all(own)
    await untilStored(async () => assert.equal(await storing.store(`p${round}`), true))
    expected.push(`p${round}`)
  }
  await add(0)
  for (const round of [1, 2, 3]) {
    rmSync(`${path}-wal`)
    await add(round)
    await Promise.all(stores.map(store => untilStored(() => claimIds(store, now))))
  }
  await storing.kill()
  await Promise.all(stores.map(store => store.close()))
  assert.deepEqual(await storedIn(path), expected.toSorted())
  assert.ok(log.messages.some(({ text }) => /was removed or replaced while it was in use/.test(text)))
  assert.ok(readdirSync(join(path, '..')).length < 10)
})
