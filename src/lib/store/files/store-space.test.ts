import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { accepted, claimRequest, makeKnown, newDelivery, rejected, startMs } from '../conformance/rows.ts'
import { sqliteStore } from '../sqlite/sqlite-store.ts'

const now = startMs
const content = new Uint8Array(20_000)

function recordingLog() {
  const warnings: string[] = []
  const none = () => {}
  return { warnings, debug: none, info: none, error: none, warn: (message: string) => void warnings.push(message) }
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-space-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Adds deliveries until one is refused; gives the ids of those that were taken. */
async function fill(
  store: DeliveryStore,
  prefix: string,
): Promise<{ readonly ids: string[]; readonly reason: string }> {
  const ids: string[] = []
  for (;;) {
    const id = `${prefix}${ids.length}`
    try {
      await store.add({ rows: [newDelivery(id, { content })], now })
      ids.push(id)
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'ERR_STORE_UNAVAILABLE', String(error))
      return { ids, reason: error.message }
    }
  }
}

/** Claims and settles all that is due: the first attempt of each goes wrong. */
async function deliverAll(store: DeliveryStore): Promise<Set<string>> {
  const delivered = new Set<string>()
  for (let at = now; ; at += 60_000) {
    const { claimed, nextDueInMs } = await store.claim(claimRequest(at, { limit: 100, perOrigin: 100 }))
    if (claimed.length === 0 && nextDueInMs === undefined) return delivered
    for (const { id, attemptNumber } of claimed) if (attemptNumber > 1) delivered.add(id)
    const settlements = claimed.map(each => (each.attemptNumber > 1 ? accepted(each) : rejected(each, 1_000)))
    await store.endAttempts({ attempts: settlements, now: at })
  }
}

test('sqliteStore refuses new work beyond its limit, goes on with the rest, and takes new work after an erase', async t => {
  const log = recordingLog()
  const store = sqliteStore({ path: join(temporaryFolder(t), 'd.sqlite'), storeLimitBytes: 2_000_000, log })
  await makeKnown(store, now)
  const { ids, reason } = await fill(store, 'a')
  assert.match(reason, /bytes and its limit is 2000000/)
  assert.ok(ids.length > 50, `${ids.length} deliveries of 20,000 bytes`)
  assert.deepEqual(
    log.warnings.map(warning => /at 2000000 new work is refused/.test(warning)),
    [true],
  )
  assert.equal((await deliverAll(store)).isSupersetOf(new Set(ids)), true)
  const again = Array.from({ length: 50 }, (_, copy) => store.replay({ id: ids[0]!, newId: `again${copy}`, now }))
  const refused = (await Promise.allSettled(again)).filter(result => result.status === 'rejected')
  assert.ok(refused.length > 0)
  assert.ok(refused.every(({ reason }) => reason.code === 'ERR_STORE_UNAVAILABLE'))
  assert.ok((await store.erase({ now, limit: 1_000, state: 'delivered' })) >= ids.length)
  assert.ok((await fill(store, 'c')).ids.length > 50)
  await store.close()
})

test('sqliteStore checks its limit when it is made', () => {
  for (const storeLimitBytes of [0, -1, 1.5, Number.NaN])
    assert.throws(() => sqliteStore({ path: 'd.sqlite', storeLimitBytes }), {
      name: 'RangeError',
      message: /"storeLimitBytes"/,
    })
})

/** A store on a disk of its own; undefined where there can be none. */
function onSmallDisk(t: TestContext, megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    t.skip('only who may mount a file system can fill one')
    return undefined
  }
  const log = recordingLog()
  const path = join(folder, 'd.sqlite')
  const store = sqliteStore({ path, log })
  t.after(async () => {
    await store.close()
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  return { folder, path, log, store }
}

/** Another program takes all that is left. */
function fillDisk(folder: string): void {
  const file = openSync(join(folder, 'other'), 'w')
  try {
    for (let size = 1_048_576; size >= 1; ) {
      try {
        if (writeSync(file, new Uint8Array(size)) < size) size >>= 1
      } catch {
        size >>= 1
      }
    }
  } finally {
    closeSync(file)
  }
  assert.equal(statfsSync(folder).bavail, 0)
}

for (const [what, megabytes, byOther] of [
  ['the store itself', 8, false],
  ['another program, to its last byte', 32, true],
] as const)
  test(`a disk that is filled by ${what} takes no new work, and what was acknowledged is delivered`, async t => {
    const disk = onSmallDisk(t, megabytes)
    if (disk === undefined) return
    const { folder, path, log, store } = disk
    await makeKnown(store, now)
    const ids: string[] = []
    if (byOther) {
      for (; ids.length < 100; ids.push(`a${ids.length}`))
        await store.add({ rows: [newDelivery(`a${ids.length}`, { content })], now })
      fillDisk(folder)
    } else ids.push(...(await fill(store, 'a')).ids)
    assert.match((await fill(store, 'b')).reason, /disk is (nearly )?full/)
    assert.ok(log.warnings.length >= 1)

    const delivered = await deliverAll(store)
    assert.deepEqual(
      ids.filter(id => !delivered.has(id)),
      [],
    )

    rmSync(join(folder, 'other'), { force: true })
    // With little room a few at a time: what is removed is overwritten.
    while ((await store.erase({ now, limit: 10_000, state: 'delivered' })) > 0);
    assert.ok((await fill(store, 'c')).ids.length > 10, 'new work is taken again')
    assert.ok(existsSync(`${path}-reserve`))
  })
