import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DefinitionError } from '../definition/definition-error.ts'
import { compileTrustedProxies } from './trusted-proxies.ts'

const read = (proxies: readonly string[], peer: string | undefined, headers: Readonly<Record<string, string>>) =>
  compileTrustedProxies(proxies)(peer, name => headers[name])

const local = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8']

describe('compileTrustedProxies', () => {
  it('gives nothing for a request from somebody else, or without these headers', () => {
    const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }
    for (const peer of ['8.8.8.8', '11.0.0.1', 'fe80::1', '::1', undefined, ''])
      assert.equal(read(local, peer, headers), undefined)
    assert.equal(read(local, '10.1.2.3', {}), undefined)
    assert.equal(read(local, '10.1.2.3', { 'x-forwarded-proto': 'https' }), undefined)
  })

  it("takes the last address that is not a trusted proxy's", () => {
    const client = (list: string) => read(local, '127.0.0.1', { 'x-forwarded-for': list })?.clientAddress
    assert.equal(client('1.2.3.4'), '1.2.3.4')
    assert.equal(client('6.6.6.6, 1.2.3.4, 10.0.0.1'), '1.2.3.4')
    assert.equal(client('1.2.3.4, 10.0.0.1 , fd12::7'), '1.2.3.4')
    assert.equal(client('10.0.0.2, 10.0.0.1'), '10.0.0.2')
    assert.equal(client('[2001:db8::1]:4711'), '2001:db8::1')
    assert.equal(client('2001:db8::1'), '2001:db8::1')
    assert.equal(client('1.2.3.4:4711'), '1.2.3.4')
    assert.equal(client('1.2.3.4, unknown'), '127.0.0.1')
    assert.equal(client('1.2.3.4, <script>'), '127.0.0.1')
  })

  it('takes scheme and host of the same hop', () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.0.0.1' }
    const one = { ...headers, 'x-forwarded-proto': 'HTTPS', 'x-forwarded-host': 'api.example.com:8443' }
    assert.deepEqual(read(local, '10.0.0.9', one), {
      ...{ clientAddress: '1.2.3.4', protocol: 'https', host: 'api.example.com:8443', requestId: undefined },
    })
    const three = { ...headers, 'x-forwarded-proto': 'http, https, http', 'x-forwarded-host': 'evil, api, inner' }
    assert.deepEqual(read(local, '10.0.0.9', three), {
      clientAddress: '1.2.3.4',
      protocol: 'https',
      host: 'api',
      requestId: undefined,
    })
    const bad = { ...headers, 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a/b@c' }
    assert.deepEqual(read(local, '10.0.0.9', bad), {
      clientAddress: '1.2.3.4',
      protocol: undefined,
      host: undefined,
      requestId: undefined,
    })
  })

  it('reads Forwarded (RFC 7239) where there is no X-Forwarded-For', () => {
    const forwarded = (value: string) => read(local, '10.0.0.9', { forwarded: value })
    assert.deepEqual(forwarded('for=192.0.2.60;proto=http;by=203.0.113.43;host=a.example'), {
      ...{ clientAddress: '192.0.2.60', protocol: 'http', host: 'a.example', requestId: undefined },
    })
    assert.equal(forwarded('For="[2001:db8:cafe::17]:4711"')?.clientAddress, '2001:db8:cafe::17')
    assert.equal(forwarded('for=6.6.6.6, for="1.2.3.4:80" ; proto=https, for=10.0.0.1')?.clientAddress, '1.2.3.4')
    assert.equal(forwarded('for=1.2.3.4;host="a\\/b"')?.host, undefined)
    assert.equal(forwarded('for=_hidden;proto=https')?.clientAddress, '10.0.0.9')
    assert.equal(forwarded('for="x,for=1.1.1.1", for=1.2.3.4')?.clientAddress, '1.2.3.4')
    assert.equal(
      read(local, '10.0.0.9', { forwarded: 'for=6.6.6.6', 'x-forwarded-for': '1.2.3.4' })?.clientAddress,
      '1.2.3.4',
    )
  })

  it("ignores whatever a client wrote before its proxy's additions", () => {
    const written = fc.string({
      unit: fc.constantFrom('1.2.3.4', ',', ' ', '"', '\\', '=', ';', 'for=', '10.0.0.1', 'x'),
    })
    fc.assert(
      fc.property(written, text => {
        assert.equal(read(local, '10.0.0.9', { 'x-forwarded-for': `${text}, 9.9.9.9` })?.clientAddress, '9.9.9.9')
      }),
    )
  })

  it('reads a long header in linear time', () => {
    for (const part of ['for="', 'for=a;', '"\\', ',', 'a=', '="'])
      assert.ok(read(local, '10.0.0.9', { forwarded: part.repeat(200_000 / part.length) }) !== null)
  })

  it('refuses an entry that is not an address', () => {
    for (const entry of ['proxy.example', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/', '', 7])
      assert.throws(() => compileTrustedProxies([entry as string]), DefinitionError)
    assert.throws(() => compileTrustedProxies([]), /"trustedProxies" must be a list of at least one address/)
  })
})
