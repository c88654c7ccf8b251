import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttp2Server, createSecureServer } from 'node:http2'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import tls, { type TlsOptions } from 'node:tls'
import { DnsServer, type DnsZone } from '../../../../test/support/dns-server.ts'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport, type GuardedTransportOptions } from './guarded-transport.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
const key = fixture('hooks.test.key.pem')
const cert = fixture('hooks.test.cert.pem')
const expired = fixture('expired.test.cert.pem')
const otherName = fixture('name-only.test.cert.pem')

const respond = (socket: Socket): void => {
  socket.on('error', () => {})
  socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
}
const tlsServer = (options: TlsOptions): Server => tls.createServer({ key, cert, ...options }, respond)
const settings = Buffer.from('00000c04000000000000030000006400040000ffff', 'hex')

async function send(t: TestContext, url: string, options: Partial<GuardedTransportOptions> = {}): Promise<unknown> {
  const policy = createDestinationPolicy({
    allow: ['127.0.0.2'],
    ...(options.servers === undefined && { resolver: async () => ['127.0.0.2'] }),
  })
  const transport = createGuardedTransport({ policy, ...options })
  t.after(() => transport.close())
  const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
  return transport.send(request, { timeoutMs: 2_000, responseLimitBytes: 65_536 })
}

interface Case {
  readonly server: () => Server
  readonly trusted?: string
  readonly scheme?: string
  readonly reason?: string
  readonly says: string
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  'certificate-expired': [
    { server: () => tlsServer({ cert: expired }), trusted: expired, says: 'its certificate has expired' },
    {
      server: () => tlsServer({ cert: expired, maxVersion: 'TLSv1.2' }),
      trusted: expired,
      says: 'its certificate has expired',
    },
  ],
  'certificate-self-signed': [{ server: () => tlsServer({}), says: 'its certificate is self-signed' }],
  'certificate-name': [
    {
      server: () => tlsServer({ cert: otherName }),
      trusted: otherName,
      says: 'its certificate is for another name',
    },
  ],
  'tls-version': [
    {
      server: () => tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
      trusted: cert,
      says: 'its version of TLS is too old, or not ours',
    },
  ],
  'http2-only': [
    { server: () => createSecureServer({ key, cert }), trusted: cert, says: 'it speaks HTTP/2 only' },
    {
      server: () => createHttp2Server().on('sessionError', () => {}),
      scheme: 'http',
      reason: 'protocol',
      says: 'it speaks HTTP/2 only',
    },
    {
      server: () => createServer(socket => void socket.on('error', () => {}).write(settings)),
      scheme: 'http',
      reason: 'protocol',
      says: 'it speaks HTTP/2 only',
    },
  ],
  'client-certificate': (['TLSv1.2', 'TLSv1.3'] as const).map(maxVersion => ({
    server: () => tlsServer({ requestCert: true, rejectUnauthorized: true, maxVersion }),
    trusted: cert,
    says: 'it asks for a client certificate',
  })),
  'no-tls': [{ server: () => createHttpServer(), says: 'it does not speak TLS at this port' }],
}

for (const [detail, each] of Object.entries(cases))
  for (const [index, { server, trusted, scheme = 'https', reason = 'tls', says }] of each.entries())
    test(`send says "${detail}" of a receiver that is so, ${index + 1}`, async t => {
      const before = tls.getCACertificates('default')
      tls.setDefaultCACertificates(trusted === undefined ? before : [...before, trusted])
      t.after(() => tls.setDefaultCACertificates(before))
      const listening = server().on('tlsClientError', () => {})
      await once(listening.listen(0, '127.0.0.2'), 'listening')
      t.after(() => listening.close())
      const origin = `${scheme}://hooks.test:${(listening.address() as AddressInfo).port}`
      await assert.rejects(send(t, `${origin}/`), {
        code: 'ERR_CALLBACK_UNREACHABLE',
        ...{ reason, detail, message: `Cannot reach "${origin}": ${says}` },
      })
    })

const lookups: readonly (readonly [detail: string, says: string, zone: DnsZone])[] = [
  ['no-such-name', 'there is no such name', () => 'NXDOMAIN'],
  ['no-address', 'its name has no address', () => []],
  ['lookup-refused', 'the name servers refuse to answer', () => 'REFUSED'],
  ['lookup-failed', 'the name servers could not answer', () => 'SERVFAIL'],
  ['lookup-silent', 'no name server answered in time', () => 'silence'],
]

for (const [detail, says, zone] of lookups)
  test(`send says "${detail}" of a look-up that ends so`, async t => {
    const dns = await new DnsServer(zone).start()
    t.after(() => dns[Symbol.asyncDispose]())
    const options = { servers: () => [dns.server], lookupTimeoutMs: 500 }
    for (let round = 0; round < 2; round++)
      await assert.rejects(send(t, 'http://hooks.test/', options), {
        ...{ reason: 'dns', detail, message: `Cannot reach "http://hooks.test": ${says}` },
      })
  })

for (const bytes of ['SSH-2.0-OpenSSH_10.0\r\n', '220 mail.example ESMTP\r\n', '\0\0\0\x04\x01\0'])
  test(`send says no more than "protocol" of a receiver that begins with ${JSON.stringify(bytes)}`, async t => {
    const server = createServer(socket => socket.on('error', () => {}).once('data', () => socket.end(bytes)))
    await once(server.listen(0, '127.0.0.2'), 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    await assert.rejects(send(t, `http://hooks.test:${port}/`), { reason: 'protocol', detail: undefined })
  })
