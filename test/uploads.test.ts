import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { type RunningProgram, startProgram } from './support/child-process.ts'

const PROGRAM = new URL('./programs/upload-app.ts', import.meta.url)
const MB = 1_000_000
const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
const END = '\r\n--b--\r\n'

/** A server with a small heap, whose spooled files stand in a folder of their own. */
async function uploadServer(t: TestContext): Promise<{ program: RunningProgram; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-uploads-'))
  const environment = { NODE_OPTIONS: '--max-old-space-size=128', TMPDIR: folder }
  const program = await startProgram(PROGRAM, environment)
  t.after(async () => {
    await program.kill()
    await rm(folder, { recursive: true })
  })
  return { program, folder }
}

/** Uploads a file of so many bytes, as fast as it is taken. */
async function upload({ url }: RunningProgram, path: string, bytes: number): Promise<unknown> {
  const chunk = Buffer.alloc(65_536, 7)
  function* body() {
    yield Buffer.from(HEAD)
    for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length))
    yield Buffer.from(END)
  }
  const headers = {
    'content-type': 'multipart/form-data; boundary=b',
    'content-length': HEAD.length + bytes + END.length,
  }
  const sent = request(url + path, { method: 'POST', headers, agent: false })
  Readable.from(body()).pipe(sent)
  const [response] = await once(sent, 'response')
  return json(response)
}

/** By how many bytes the memory has grown at most since the last question. */
async function growth({ process: child }: RunningProgram): Promise<number> {
  child.send('growth')
  const [bytes] = (await once(child, 'message')) as [number]
  return bytes
}

/** What a server costs that has done the same before, once its heap has the size that it needs. */
async function warm(program: RunningProgram, path: string): Promise<void> {
  await upload(program, path, 50 * MB)
  await growth(program)
}

const removed = async (folder: string) => {
  while ((await readdir(folder)).length > 0) await new Promise(resolve => setImmediate(resolve))
}

test('An upload of 200 MB costs less than 60 MB of memory under a heap of 128 MB', async t => {
  const { program, folder } = await uploadServer(t)
  await warm(program, '/end')
  assert.deepEqual(await upload(program, '/end', 200 * MB), { size: 200 * MB, read: 1_000 })
  const grown = await growth(program)
  t.diagnostic(`grown by ${Math.round(grown / MB)} MB`)
  assert.ok(grown < 60 * MB, `grown by ${grown} bytes`)
  await removed(folder)
})

test('20 uploads of 20 MB at once cost less than 200 MB of memory under a heap of 128 MB', async t => {
  const { program, folder } = await uploadServer(t)
  await warm(program, '/all')
  const all = await Promise.all(Array.from({ length: 20 }, () => upload(program, '/all', 20 * MB)))
  const expected = JSON.stringify({ size: 20 * MB, read: 20 * MB })
  assert.deepEqual(new Set(all.map(one => JSON.stringify(one))), new Set([expected]))
  const grown = await growth(program)
  t.diagnostic(`grown by ${Math.round(grown / MB)} MB`)
  assert.ok(grown < 200 * MB, `grown by ${grown} bytes`)
  await removed(folder)
})
