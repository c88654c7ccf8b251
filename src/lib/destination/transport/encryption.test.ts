import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport } from './guarded-transport.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
/** For the name hooks.test. */
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')
tls.setDefaultCACertificates([cert])

/** A server that responds once on each connection, and notes whether its handshake resumed a session. */
async function listen(t: TestContext, maxVersion: tls.SecureVersion, resumed: boolean[]): Promise<string> {
  const server = tls.createServer({ cert, key, maxVersion }, socket => {
    socket
      .on('error', () => {})
      .once('data', () => {
        resumed.push(socket.isSessionReused())
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      })
  })
  await once(server.listen(0, '127.0.0.2'), 'listening')
  t.after(() => server.close())
  return `https://hooks.test:${(server.address() as AddressInfo).port}/`
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
  test(`the second connection to a server resumes the ${version} session of the first, whoever came between`, async t => {
    const rules = { allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] }
    const transport = createGuardedTransport({ policy: createDestinationPolicy(rules) })
    t.after(() => transport.close())
    const resumed: boolean[] = []
    const urls = [await listen(t, version, resumed), await listen(t, version, resumed)]
    for (const url of [...urls, ...urls]) {
      const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
      assert.equal((await transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 100 })).status, 200)
    }
    assert.deepEqual(resumed, [false, false, true, true])
  })
