import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { signedRequest } from '../../../../test/support/signed-request.ts'
import { ManualClock } from '../../manual-clock.ts'
import { callback } from '../../operation/callback-definition.ts'
import { generateKeyPair } from '../../signature/generate.ts'
import { publicKeySet } from '../../signature/public-key-set.ts'
import { memoryDedupe } from '../dedupe/memory-dedupe.ts'
import { receive } from '../receive.ts'

const keysUrl = 'https://api.example.com/.well-known/jwks.json'
const [first, second] = [generateKeyPair(), generateKeyPair()]

/** A receiver, and the address of its keys, which gives what `answer` says. */
function setup(answer: () => Response | Promise<Response>) {
  const clock = new ManualClock()
  const log = new RecordingLog()
  const fetched: string[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    assert.equal(init?.redirect, 'error')
    fetched.push(String(url))
    return answer()
  }
  const options = { keysUrl, clock, log, dedupe: memoryDedupe({ clock }), fetch: fetch as typeof globalThis.fetch }
  const handler = receive(callback.post('{$callback_url}', {}), options, () => {})
  let count = 0
  const send = async ({ privateKey }: { privateKey: string }) => {
    const timestamp = Math.floor(clock.now() / 1_000)
    const message = { id: `msg_${++count}`, privateKeys: [privateKey], timestamp }
    return (await handler(signedRequest('https://external.example/', message))).status
  }
  return { clock, log, fetched, send }
}
const keySet = (keys: readonly { publicKey: string }[], headers = {}) =>
  Response.json(publicKeySet(keys.map(({ publicKey }) => publicKey)), { headers })

test('keys are fetched once, for as long as their address says', async () => {
  const { send, fetched, clock } = setup(() => keySet([first], { 'cache-control': 'public, max-age=600' }))
  assert.deepEqual(await Promise.all([send(first), send(first), send(first)]), [204, 204, 204])
  clock.advance({ seconds: 599 })
  assert.equal(await send(first), 204)
  assert.deepEqual(fetched, [keysUrl])
  clock.advance({ seconds: 2 })
  await send(first)
  assert.equal(fetched.length, 2)
})

test('a signature by a new key fetches them once more, and no stranger can do so more often than every ten seconds', async () => {
  let keys = [first]
  const { send, fetched, clock } = setup(() => keySet(keys))
  assert.equal(await send(first), 204)
  keys = [first, second]
  assert.equal(await send(second), 401)
  clock.advance({ seconds: 10 })
  assert.equal(await send(second), 204)
  assert.equal(fetched.length, 2)
  for (const _ of Array.from({ length: 20 })) assert.equal(await send(generateKeyPair()), 401)
  assert.equal(fetched.length, 2)
})

test('the known keys go on while their address is down, for a day', async () => {
  let isDown = false
  const { send, clock, log } = setup(() => (isDown ? new Response(null, { status: 500 }) : keySet([first])))
  assert.equal(await send(first), 204)
  isDown = true
  clock.advance({ hours: 23 })
  assert.equal(await send(first), 204)
  assert.equal(log.messages.at(-1)?.level, 'warn')
  clock.advance({ hours: 2 })
  assert.equal(await send(first), 503)
})

test('whatever the address gives, a message is only repeated later', async () => {
  const answers: readonly (() => Response | Promise<Response>)[] = [
    () => new Response('{'),
    () => Response.json({ keys: [] }),
    () => Response.json({ keys: 7 }),
    () => Response.json(null),
    () => Response.json({ keys: [{ kty: 'RSA', n: 'x' }, { kty: 'OKP', crv: 'Ed25519', x: 'short' }, null] }),
    () => Response.json({ keys: [], padding: 'x'.repeat(70_000) }),
    () => new Response(null, { status: 404 }),
    () => Promise.reject(new TypeError('fetch failed')),
  ]
  for (const answer of answers) assert.equal(await setup(answer).send(first), 503)
  const mixed = setup(() => Response.json({ keys: [{ kty: 'EC' }, ...publicKeySet([first.publicKey]).keys] }))
  assert.equal(await mixed.send(first), 204)
})
