import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'

test('Two processes share a port, are well, and end on SIGTERM', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'orders-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const program = spawn(process.execPath, [join(import.meta.dirname, '12-deploy.ts')], {
    env: { ...process.env, PORT: '0', RINGBACK_STORE: join(folder, 'deliveries.sqlite') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => program.kill('SIGKILL'))
  const urls: string[] = []
  for await (const line of createInterface(program.stdout)) {
    const [url] = /http:\S+$/.exec(line.startsWith('Serving at') ? line : '') ?? []
    if (url !== undefined) urls.push(url)
    if (urls.length === 2) break
  }
  assert.equal(urls[0], urls[1])
  assert.deepEqual(await (await fetch(`${urls[0]}/healthz/ready`)).json(), { status: 'ok' })
  program.kill('SIGTERM')
  assert.deepEqual(await once(program, 'exit'), [0, null])
})
