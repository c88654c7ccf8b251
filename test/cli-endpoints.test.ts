import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Ringback, webhook } from 'ringback'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'

const program = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const secret = 'a master secret that only this test knows'

test('ringback endpoints and messages work on a store alone, and with an application', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-cli-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'deliveries.sqlite')
  const run = async (line: string, masterSecret = secret) => {
    const { RINGBACK_STORE: _, ...inherited } = process.env
    const env = { ...inherited, RINGBACK_STORE: path, RINGBACK_MASTER_SECRET: masterSecret }
    return new Promise<{ code: number; stdout: string; stderr: string }>(resolve =>
      execFile(process.execPath, [program, ...line.split(' ')], { env, cwd: folder }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      ),
    )
  }
  const paid = webhook.post({ data: z.object({ id: z.string() }), example: { id: 'in_1' } })
  const app = new Ringback({
    ...{ title: 'Invoices', version: '1.0.0', webhooks: { 'invoice.paid': paid } },
    delivery: { store: sqliteStore({ path }), signing: { masterSecret: secret }, worker: false },
  })
  t.after(() => app.close())
  const { id } = await app.endpoints.create({ owner: 'acme', url: 'https://a.example/in?k=v', events: ['*'] })
  const { id: message } = await app.webhooks['invoice.paid'].send({ id: 'in_7' }, { owner: 'acme' })

  const listed = await run('endpoints list --everyone')
  assert.match(listed.stdout, new RegExp(`^STATUS +ID .*\nenabled +${id} +acme`))
  const shown = JSON.parse((await run(`endpoints show ${id} --owner acme --json`)).stdout)
  assert.deepEqual([shown.id, shown.url, 'secret' in shown], [id, 'https://a.example/in?k=v', false])
  const foreign = await run(`endpoints show ${id} --owner other`)
  assert.deepEqual([foreign.code, foreign.stdout], [1, ''])
  assert.match(foreign.stderr, /^This owner has no endpoint with this id/)
  assert.match((await run('endpoints list')).stderr, /give --owner <name>, or --everyone/)

  const sent = JSON.parse((await run(`messages show ${message} --owner acme --json`)).stdout)
  assert.deepEqual([sent.event, sent.deliveries.scheduled], ['invoice.paid', 1])
  assert.match((await run('messages list --owner acme')).stdout, /1 scheduled\n$/)
  assert.match((await run(`messages cancel ${message} --owner acme`)).stdout, /^Cancelled 1 delivery\n$/)

  assert.match((await run(`endpoints rotate ${id} --owner acme`)).stdout, /^whsec_\S+\n$/)
  assert.match(
    (await run(`endpoints rotate ${id} --owner acme`, 'another master secret, which is wrong')).stderr,
    /master secret/,
  )
  assert.match((await run(`endpoints disable ${id} --everyone`)).stdout, /\nStatus +disabled \(operator\)\n/)
  assert.match((await run(`endpoints enable ${id} --owner acme`)).stderr, /only the operator/)
  assert.match((await run(`endpoints enable ${id} --everyone --recover-since 1h`)).stdout, /\nRecovery +running/)
  assert.match((await run(`endpoints test ${id} --owner acme --event invoice.paid`)).stderr, /give --app/)

  const exported = await run('endpoints export --everyone --secrets')
  writeFileSync(join(folder, 'endpoints.ndjson'), `${exported.stdout}{"owner":"b"}\n`)
  const imported = await run('endpoints import endpoints.ndjson')
  assert.deepEqual(
    [imported.code, imported.stderr],
    [1, 'Endpoint 2: Invalid endpoint, at /secrets: give at least one, the newest first\n'],
  )
  writeFileSync(join(folder, 'endpoints.ndjson'), exported.stdout)
  assert.match((await run('endpoints import endpoints.ndjson')).stdout, /^Created 0, unchanged 1\n$/)

  const both = `a newer master secret of the same application,${secret}`
  assert.match((await run('keys reseal', both)).stdout, /^Resealed 1 endpoint\n/)
  assert.match((await run('keys reseal', both)).stdout, /^Resealed 0 endpoints\n/)
  assert.match((await run(`endpoints delete ${id} --owner acme`, both)).stdout, /^Deleted ep_/)
})
