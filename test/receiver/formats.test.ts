import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sign } from '@octokit/webhooks-methods'
import Stripe from 'stripe'
import { fromGitHub } from '../../examples/receive-github.ts'
import { fromStripe } from '../../examples/receive-stripe.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringback-formats-'))
after(() => rm(folder, { recursive: true }))
const root = new URL('../../', import.meta.url)
const url = 'https://www.external.org/events'

test('the page for receivers shows both recipes as they are', async () => {
  const page = await readFile(new URL('docs/receiving.md', root), 'utf8')
  for (const name of ['stripe', 'github']) {
    const example = await readFile(new URL(`examples/receive-${name}.ts`, root), 'utf8')
    assert.ok(page.includes(`\`\`\`ts\n// ${name}.ts\n${example}\`\`\``), name)
  }
})

test('events of Stripe are verified by its own library, and handled once', async t => {
  const told = t.mock.method(console, 'log', () => {})
  t.mock.method(console, 'warn', () => {})
  const handler = fromStripe('whsec_test', join(folder, 'stripe.sqlite'))
  const created = Math.floor(Date.now() / 1_000)
  const payload = JSON.stringify({ id: 'evt_1', object: 'event', created, type: 'charge.succeeded' })
  const { webhooks } = new Stripe('sk_test')
  const send = (secret: string) => {
    const signature = webhooks.generateTestHeaderString({ payload, secret })
    const headers = { 'stripe-signature': signature, 'content-type': 'application/json; charset=utf-8' }
    return handler(new Request(url, { method: 'POST', headers, body: payload }))
  }
  assert.equal((await send('whsec_other')).status, 401)
  for (const _ of [1, 2]) assert.equal((await send('whsec_test')).status, 204)
  assert.deepEqual(
    told.mock.calls.map(({ arguments: [text] }) => text),
    ['charge.succeeded'],
  )
})

test('events of GitHub are verified by the methods of its own library, and handled once', async t => {
  const told = t.mock.method(console, 'log', () => {})
  t.mock.method(console, 'warn', () => {})
  const handler = fromGitHub('secret', join(folder, 'github.sqlite'))
  const body = '{"ref":"refs/heads/main"}'
  const send = async (id: string, secret = 'secret') => {
    const signature = await sign(secret, body)
    const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': id, 'content-type': 'application/json' }
    return (await handler(new Request(url, { method: 'POST', headers, body }))).status
  }
  assert.deepEqual(await Promise.all([send('1', 'other'), send('')]), [401, 401])
  assert.deepEqual([await send('1'), await send('1'), await send('2')], [204, 204, 204])
  assert.deepEqual(
    told.mock.calls.map(({ arguments: [text] }) => text),
    ['refs/heads/main', 'refs/heads/main'],
  )
})
