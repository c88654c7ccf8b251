import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createDelivery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const MASTER_SECRET = 'a master secret that only this test knows'

/** A store with deliveries of 4 KiB each that wait for tomorrow. */
async function filledStore(t: TestContext, deliveries: number) {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-cli-store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'deliveries.sqlite')
  const engine = createDelivery({ store: sqliteStore({ path }), signing: { masterSecret: MASTER_SECRET } })
  const sendMany = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        engine.send({
          ...{ operation: 'o', callback: 'c', method: 'POST', body: Buffer.alloc(4_096, 'x') },
          ...{ url: 'https://a.example/in', destination: 'https://a.example/in', at: Date.now() + 86_400_000 },
        }),
      ),
    )
  await sendMany(deliveries)
  t.after(() => engine.close({ graceMs: 0 }))
  return { folder, path, engine, sendMany }
}

function ringback(...args: readonly string[]) {
  const { RINGBACK_STORE: _, ...inherited } = process.env
  const env = { ...inherited, RINGBACK_MASTER_SECRET: MASTER_SECRET }
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, [PROGRAM, 'deliveries', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

describe('ringback deliveries compact', () => {
  it('gives room back while a server uses the store, and says how much it had and has', async t => {
    const { path, engine } = await filledStore(t, 400)
    await engine.deliveries.erase({})
    const { code, stdout } = await ringback('compact', '--store', path, '--json')
    assert.equal(code, 0)
    const { beforeBytes, afterBytes, isRead } = JSON.parse(stdout)
    assert.ok(beforeBytes > 1_600_000, stdout)
    assert.equal(isRead, false)
    assert.equal(statSync(path).size, afterBytes)
    assert.ok(afterBytes < 400_000, stdout)
    const again = await ringback('compact', '--store', path)
    assert.match(again.stdout, /^It had \d+ bytes and has \d+\n$/)
    await engine.send({
      ...{ operation: 'o', callback: 'c', method: 'POST' },
      ...{ url: 'https://a.example/in', destination: 'https://a.example/in' },
    })
    assert.equal((await engine.deliveries.counts()).scheduled, 1)
  })

  it('refuses in words where another process holds the lock, and leaves the store as it was', async t => {
    const { path } = await filledStore(t, 20)
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const { code, stdout, stderr } = await ringback('compact', '--store', path)
    other.exec('rollback')
    other.close()
    assert.deepEqual([code, stdout], [1, ''])
    assert.equal(
      stderr,
      `Cannot compact the delivery store "${path}": another process held its lock for more than 5 s; try again when less is going on\n`,
    )
  })

  it('says so where the room comes back only when another process has ended reading', async t => {
    const { path, engine } = await filledStore(t, 100)
    await engine.deliveries.erase({})
    const reader = new DatabaseSync(path)
    reader.exec('begin')
    reader.prepare('select count(*) from ringback_delivery').get()
    const { code, stdout, stderr } = await ringback('compact', '--store', path)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^It had \d+ bytes and has \d+\n$/)
    assert.equal(stderr, 'Another process still reads it: the rest of the room comes back when that ends\n')
    reader.close()
  })

  it('refuses what is not a store, and a store that is not there', async t => {
    const { folder } = await filledStore(t, 1)
    const text = join(folder, 'text')
    writeFileSync(text, 'no database '.repeat(100))
    for (const file of [text, join(folder, 'none.sqlite')])
      assert.equal((await ringback('compact', '--store', file)).code, 1, file)
    assert.ok(!existsSync(join(folder, 'none.sqlite')))
  })
})

describe('ringback deliveries backup', () => {
  it('copies a store while a server writes, for its owner only, and says which master secret it belongs to', async t => {
    const { folder, path, engine, sendMany } = await filledStore(t, 200)
    let ends = false
    const writing = (async () => {
      while (!ends) await sendMany(5)
    })()
    const target = join(folder, 'copy.sqlite')
    const { code, stdout, stderr } = await ringback('backup', target, '--store', path, '--json')
    ends = true
    await writing
    assert.equal(code, 0, stderr)
    const { file, bytes, masterSecretIds } = JSON.parse(stdout)
    assert.deepEqual([file, bytes], [target, statSync(target).size])
    assert.equal(statSync(target).mode & 0o777, 0o600)
    using copy = new DatabaseSync(target)
    assert.equal(copy.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok')
    const keys = copy
      .prepare('select id from ringback_key')
      .all()
      .map(({ id }) => id)
    assert.deepEqual(masterSecretIds, keys)
    assert.equal(keys.length, 1)
    assert.ok(!readFileSync(target, 'latin1').includes(MASTER_SECRET))
    const stored = (await engine.deliveries.counts()).scheduled
    const copied = Number(copy.prepare('select count(*) as rows from ringback_delivery').get()?.['rows'])
    assert.ok(copied >= 200 && copied <= stored, `${copied} of ${stored}`)
  })

  it('makes a copy that a server can use with the same master secret, and with no other', async t => {
    const { folder, path } = await filledStore(t, 3)
    const target = join(folder, 'copy.sqlite')
    const { stdout, stderr } = await ringback('backup', target, '--store', path)
    assert.match(
      stdout,
      /^Copied \d+ bytes to \S+copy\.sqlite\nIt was used with the master secret whose id is [0-9a-f]+\n$/,
    )
    assert.equal(stderr, 'The master secret is not in it: keep a copy of that elsewhere\n')
    const restored = createDelivery({
      ...{ store: sqliteStore({ path: target }), signing: { masterSecret: MASTER_SECRET }, worker: false },
    })
    await restored.start()
    assert.equal((await restored.deliveries.counts()).scheduled, 3)
    await restored.close({ graceMs: 0 })
    const other = createDelivery({ store: sqliteStore({ path: target }), signing: { masterSecret: 'x'.repeat(40) } })
    await assert.rejects(other.start(), { code: 'ERR_MASTER_SECRET_UNKNOWN' })
    await other.close({ graceMs: 0 })
  })

  it('never overwrites anything, and leaves nothing behind where it fails', async t => {
    const { folder, path } = await filledStore(t, 1)
    writeFileSync(join(folder, 'there'), 'mine')
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
    const before = readdirSync(folder).sort()
    for (const [target, words] of [
      [
        'there',
        /^Cannot copy the delivery store to ".*\/there": something is already there; give the name of a new file$/m,
      ],
      ['link', /already there/],
      ['missing/copy.sqlite', /^Cannot copy the delivery store to ".*": .*ENOENT/m],
      ['', /already there/],
    ] as const) {
      const { code, stderr } = await ringback('backup', join(folder, target), '--store', path)
      assert.equal(code, 1, target)
      assert.match(stderr, words)
    }
    assert.equal(readFileSync(join(folder, 'there'), 'utf8'), 'mine')
    assert.deepEqual(readdirSync(folder).sort(), before)
  })
})
