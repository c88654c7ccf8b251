import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { recipientSecret, signingKeyPair } from 'ringback/signature'
import { startProgram } from './support/child-process.ts'
import { Receiver } from './support/receiver.ts'

const PROGRAM = new URL('./programs/secrets.ts', import.meta.url)
const COMMAND = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const MASTER_SECRET = 'planted-master-secret-of-this-test'
const RECIPIENT = 'customer-7'
const derived = {
  'the recipient secret': recipientSecret(MASTER_SECRET, RECIPIENT).slice('whsec_'.length),
  'the private key': signingKeyPair(MASTER_SECRET).privateKey.slice('whsk_'.length),
}
const planted = {
  'the master secret': MASTER_SECRET,
  'an authorization header': 'planted-authorization',
  'the query of a URL': 'planted-query',
  ...derived,
}

it('Secrets stay out of logs, events, responses, pages and commands, and derived ones out of the database', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-secrets-'))
  const environment = {
    RINGBACK_STORE: join(folder, 'deliveries.sqlite'),
    RINGBACK_MASTER_SECRET: MASTER_SECRET,
    NODE_DEBUG: 'ringback',
  }
  const seen: string[] = []
  await using receiver = new Receiver((response, count) => {
    response.statusCode = count === 1 ? 500 : 200
    response.end('{}')
  })
  await receiver.start()
  try {
    const program = await startProgram(PROGRAM, environment)
    const request = async (path: string, callbackUrl: string): Promise<void> => {
      const query = new URLSearchParams({
        callback_url: callbackUrl,
        authorization: 'Bearer planted-authorization',
        recipient: RECIPIENT,
      })
      const response = await fetch(`${program.url}${path}?${query}`, { method: 'POST' })
      seen.push(JSON.stringify([...response.headers]), await response.text())
    }
    const settled = once(program.process, 'message')
    await request('/send', `${receiver.url}/hook?token=planted-query`)
    await settled
    await request('/call', `${receiver.url}/hook?token=planted-query`)
    await request('/call', 'http://127.0.0.1:1/hook?token=planted-query')
    await request('/call', 'https://nowhere.invalid/hook?token=planted-query')
    await request('/send', 'http://10.0.0.1/hook?token=planted-query')
    await request('/throw', `${receiver.url}/hook?token=planted-query`)
    for (const path of ['/openapi.json', '/docs', '/.well-known/jwks.json', '/nowhere?token=planted-query'])
      seen.push(await (await fetch(program.url + path)).text())

    const command = async (...words: string[]): Promise<string> => {
      const options = { env: { ...process.env, ...environment } }
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [COMMAND, 'deliveries', ...words], options)
      return stdout + stderr
    }
    const list = await command('list', '--json')
    const [{ id }] = (JSON.parse(list) as { items: [{ id: string }] }).items
    seen.push(list, await command('list'), await command('show', id), await command('show', id, '--json'))
    assert.equal(await program.stop(), 0)
    seen.push(program.output())

    assert.ok(program.output().includes('delivery.settled'), 'events were told')
    for (const [what, secret] of Object.entries(planted))
      for (const text of seen) assert.ok(!text.includes(secret), `${what} is found in: ${text}`)
    assert.ok(receiver.received[0]?.headers.authorization?.includes('planted-authorization'), 'the header was sent')

    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name), 'latin1')
      for (const [what, secret] of Object.entries({ ...derived, 'a header': 'planted-authorization', MASTER_SECRET }))
        assert.ok(!bytes.includes(secret), `${what} is found in ${name}`)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
