import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { createDestinationPolicy } from './policy.ts'
import type { TlsRule } from './tls-rules.ts'
import { createGuardedTransport } from './transport/guarded-transport.ts'

const fixture = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url))
/** For hooks.test and 127.0.0.9. */
const cert = fixture('hooks.test.cert.pem')
const key = fixture('hooks.test.key.pem')
const otherName = fixture('name-only.test.cert.pem')

/** Sends to a server that answers with whether it took a certificate of ours, on a connection of its own. */
async function send(t: TestContext, host: string, tls: readonly TlsRule[], options: TlsOptions = {}): Promise<unknown> {
  const server = createServer({ cert, key, ...options }, (request, response) => {
    const socket = request.socket as TLSSocket
    response.end(JSON.stringify([socket.getPeerCertificate().subject !== undefined, socket.getProtocol()]))
  }).on('tlsClientError', () => {})
  const address = host === '127.0.0.9' ? host : '127.0.0.2'
  await once(server.listen(0, address), 'listening')
  const policy = createDestinationPolicy({ allow: ['127.0.0.0/8'], resolver: async () => [address], tls })
  const transport = createGuardedTransport({ policy })
  t.after(async () => {
    await transport.close()
    server.close()
  })
  const url = `https://${host}:${(server.address() as AddressInfo).port}/`
  const request = { method: 'POST', url, headers: {}, body: undefined }
  const { body } = await transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 65_536 })
  return JSON.parse(Buffer.from(body).toString())
}

for (const [host, hosts] of [
  ['hooks.test', ['hooks.test']],
  ['hooks.test', ['other.example', '*.test']],
  ['hooks.test.', ['hooks.test']],
  ['127.0.0.9', ['127.0.0.0/24']],
] as const)
  test(`an authority counts for ${host} where ${hosts.join()} is listed`, async t => {
    assert.deepEqual(await send(t, host, [{ hosts, ca: cert }]), [false, 'TLSv1.3'])
    assert.deepEqual(await send(t, host, [{ hosts, ca: [otherName.toString(), cert.toString()] }]), [false, 'TLSv1.3'])
  })

for (const hosts of [['other.test'], ['*.hooks.test'], ['127.0.0.2']])
  test(`an authority for ${hosts.join()} does not count for hooks.test`, async t => {
    await assert.rejects(send(t, 'hooks.test', [{ hosts, ca: cert }]), { detail: 'certificate-self-signed' })
  })

test('the authorities of a rule are trusted in place of others, and names are still compared', async t => {
  const rules = [{ hosts: ['hooks.test'], ca: otherName }]
  await assert.rejects(send(t, 'hooks.test', rules), { reason: 'tls' })
  await assert.rejects(send(t, 'hooks.test', rules, { cert: otherName }), { detail: 'certificate-name' })
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
  test(`a certificate of ours is shown where it is asked for, with ${maxVersion}`, async t => {
    const asks = { requestCert: true, rejectUnauthorized: true, ca: cert, maxVersion }
    const rule = { hosts: ['hooks.test'], ca: cert }
    assert.deepEqual(await send(t, 'hooks.test', [{ ...rule, cert, key }], asks), [true, maxVersion])
    await assert.rejects(send(t, 'hooks.test', [rule], asks), { detail: 'client-certificate' })
    const refused = send(t, 'hooks.test', [{ ...rule, cert: otherName, key }], asks)
    await assert.rejects(refused, { code: 'ERR_CALLBACK_UNREACHABLE' })
  })

test('the first rule of a host counts', async t => {
  const rules: TlsRule[] = [
    { hosts: ['hooks.test'], ca: cert, minVersion: 'TLSv1.3' },
    { hosts: ['*.test'], ca: cert },
  ]
  await assert.rejects(send(t, 'hooks.test', rules, { maxVersion: 'TLSv1.2' }), { detail: 'tls-version' })
  assert.deepEqual(await send(t, 'hooks.test', rules.slice(1), { maxVersion: 'TLSv1.2' }), [false, 'TLSv1.2'])
})

const wrong: readonly (readonly [what: string, rules: unknown, message: RegExp])[] = [
  ['no list', { hosts: ['a.test'] }, /it must be a list/],
  ['nothing', [null], /each rule must be an object/],
  ['no hosts', [{ ca: cert }], /"hosts" must be a list/],
  ['an empty list of hosts', [{ hosts: [] }], /"hosts" must be a list/],
  ['a URL', [{ hosts: ['https://a.test'] }], /is not a host name/],
  ['a misspelt name', [{ hosts: ['a.test'], certificate: cert }], /certificate/],
  ['a certificate without a key', [{ hosts: ['a.test'], cert }], /go together/],
  ['a key without a certificate', [{ hosts: ['a.test'], key }], /go together/],
  ['an authority that is none', [{ hosts: ['a.test'], ca: 'trust me' }], /for "a.test" cannot be used/],
  ['a key of another kind', [{ hosts: ['a.test'], cert, key: cert }], /for "a.test" cannot be used/],
  ['an old version', [{ hosts: ['a.test'], minVersion: 'TLSv1' }], /"minVersion" is "TLSv1"/],
]

for (const [what, tls, message] of wrong)
  test(`createDestinationPolicy refuses a rule of TLS with ${what}`, () => {
    assert.throws(() => createDestinationPolicy({ tls: tls as readonly TlsRule[] }), {
      ...{ code: 'ERR_DESTINATION_RULE', rule: 'tls', message },
    })
  })
