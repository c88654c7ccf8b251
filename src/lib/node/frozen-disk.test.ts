import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { startProgram } from '../../../test/support/child-process.ts'
import { FrozenDisk } from '../../../test/support/frozen-disk.ts'

const program = new URL('../../../test/programs/hanging-app.ts', import.meta.url)

test('a server whose disk is frozen answers, goes on when it is thawed, and ends by one signal', async t => {
  using disk = mountedDisk()
  if (disk === undefined) return t.skip('A disk that can be frozen needs root, mkfs.ext4, mount and fsfreeze')
  const environment = { TEST_STORE: `${disk.folder}/d.sqlite`, WAIT_LIMIT_MS: '500', GRACE_MS: '0' }
  const server = await startProgram(program, environment)
  const exited = once(server.process, 'exit')
  const post = () => fetch(`${server.url}/x?callback_url=https://a.example/`, { method: 'POST' })
  let frozen = false
  try {
    while ((await post()).status !== 204);
    disk.freeze()
    frozen = true
    for (let request = 0; request < 3; request++) assert.equal((await post()).status, 503)
    disk.thaw()
    frozen = false
    while ((await post()).status !== 204);
    disk.freeze()
    frozen = true
    const refused = post().catch(() => {})
    server.process.kill('SIGTERM')
    // What stands in the kernel is taken away by it when the disk answers; everything else of the process has ended.
    while (!hasEnded(server.process.pid)) await new Promise(resolve => setImmediate(resolve))
    await refused
  } finally {
    if (frozen) disk.thaw()
    await server.kill()
  }
  assert.deepEqual(await exited, [null, 'SIGKILL'])
})

function mountedDisk(): FrozenDisk | undefined {
  try {
    return new FrozenDisk()
  } catch {
    return undefined
  }
}

/** Whether the main thread of a process is over. */
function hasEnded(pid: number | undefined): boolean {
  return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
