import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { createDestinationPolicy } from './policy.ts'
import { compileProxy, type ProxyRule } from './proxy-rule.ts'
import type { CheckedDestination, DestinationRules } from './rules.ts'
import { createGuardedTransport } from './transport/guarded-transport.ts'

const http = 'http://http.lan:3128'
const https = 'http://https.lan:3128'

const chosen: readonly (readonly [environment: Record<string, string>, url: string, proxy: string | undefined])[] = [
  [{}, 'http://a.example/', undefined],
  [{ HTTP_PROXY: http }, 'http://a.example/', http],
  [{ HTTP_PROXY: http }, 'https://a.example/', http],
  [{ HTTPS_PROXY: https }, 'http://a.example/', undefined],
  [{ HTTPS_PROXY: https }, 'https://a.example/', https],
  [{ HTTPS_PROXY: 'https://proxy.example' }, 'https://a.example/', 'https://proxy.example'],
  [{ HTTP_PROXY: http, HTTPS_PROXY: https }, 'https://a.example/', https],
  [{ http_proxy: http, HTTP_PROXY: https }, 'http://a.example/', http],
  [{ http_proxy: '', HTTP_PROXY: http }, 'http://a.example/', undefined],
]

for (const [environment, url, proxy] of chosen)
  test(`compileProxy takes ${String(proxy)} of ${JSON.stringify(environment)} for ${url}`, () => {
    assert.equal(compileProxy('environment', environment).urlFor(new URL(url)), proxy)
  })

const exceptions: readonly (readonly [noProxy: string, direct: string[], proxied: string[]])[] = [
  ['', [], ['http://a.example/']],
  ['*', ['http://a.example/', 'http://[2606::1]/'], []],
  ['none.invalid, *', ['http://a.example/'], []],
  ['*:80', ['http://a.example/'], ['https://a.example/', 'http://a.example:8080/']],
  [
    'a.example',
    ['http://a.example/', 'http://a.example./', 'http://b.a.example/'],
    ['http://ba.example/', 'http://example/'],
  ],
  ['.a.example', ['http://a.example/', 'http://b.a.example/'], ['http://example/']],
  ['*.a.example', ['http://b.a.example/'], ['http://a.example/']],
  ['A.Example.', ['http://a.example/'], []],
  ['a.example:8080', ['http://a.example:8080/'], ['http://a.example/']],
  ['a.example:443', ['https://a.example/'], ['http://a.example/']],
  [
    '10.0.0.7 ::1,[2606::1]:8080',
    ['http://10.0.0.7/', 'http://[::1]/', 'http://[2606::1]:8080/'],
    ['http://[2606::1]/'],
  ],
]

for (const [noProxy, direct, proxied] of exceptions)
  test(`compileProxy reads NO_PROXY="${noProxy}"`, () => {
    const { urlFor } = compileProxy('environment', { HTTP_PROXY: http, NO_PROXY: noProxy })
    for (const url of direct) assert.equal(urlFor(new URL(url)), undefined, url)
    for (const url of proxied) assert.equal(urlFor(new URL(url)), http, url)
    const lower = compileProxy('environment', { HTTP_PROXY: http, NO_PROXY: 'other.example', no_proxy: noProxy })
    for (const url of direct) assert.equal(lower.urlFor(new URL(url)), undefined, url)
  })

for (const [rule, message] of [
  ['proxy.lan', /it is not an absolute http or https URL/],
  [{}, /it is not an absolute http or https URL/],
  [null, /a URL, "environment" or an object/],
  [{ url: http, getName: true }, /getName/],
  [{ url: http, getsName: 'yes' }, /"getsName" is neither/],
  [{ url: 'http://us%er@proxy.lan' }, /"%25"/],
] as const)
  test(`createDestinationPolicy refuses the proxy ${JSON.stringify(rule)}`, () => {
    assert.throws(() => createDestinationPolicy({ proxy: rule as string | ProxyRule }), {
      ...{ code: 'ERR_DESTINATION_RULE', rule: 'proxy', message },
    })
  })

test('compileProxy refuses a variable that is no URL, by its name', () => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY'])
    assert.throws(() => compileProxy('environment', { [name]: 'proxy.lan:3128' }), { message: new RegExp(name) })
})

/** A proxy that alone can resolve names, and answers itself. */
async function setUp(t: TestContext, rules: Omit<DestinationRules, 'proxy'> = {}) {
  const asked: (string | undefined)[] = []
  const proxy = createServer().on('connect', ({ url }, socket: Duplex) => {
    asked.push(url)
    socket.on('error', () => {}).write('HTTP/1.1 200 Connected\r\n\r\n')
    socket.on('data', data => {
      const host = /^host: (.*)\r$/im.exec(data.toString())?.[1] ?? ''
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${host.length}\r\n\r\n${host}`)
    })
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const policy = createDestinationPolicy({ ...rules, proxy: { url, getsName: true } })
  const transport = createGuardedTransport({ policy, servers: () => ['127.0.0.1:1'] })
  t.after(async () => {
    await transport.close()
    proxy.close().closeAllConnections()
  })
  const send = (to: string) => {
    const request = { method: 'POST', url: to, headers: {}, body: undefined }
    return transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 65_536 })
  }
  return { send, asked }
}

test('a proxy is given the name, and no name server is asked', async t => {
  const checked: string[] = []
  const check = ({ url, addresses }: CheckedDestination): boolean => {
    checked.push(`${url.hostname} ${addresses.join()}`)
    return url.hostname !== 'refused.test'
  }
  const { send, asked } = await setUp(t, { check })
  for (const name of ['hooks.test', 'other.test:8080', 'hooks.test']) {
    const { body, address } = await send(`http://${name}/`)
    assert.deepEqual([Buffer.from(body).toString(), address], [name, undefined])
  }
  await assert.rejects(send('http://refused.test/'), { code: 'ERR_DESTINATION_REFUSED', reason: 'check' })
  await send('http://93.184.216.34/')
  await send('http://[2606:4700::1]/')
  assert.deepEqual(asked, ['hooks.test:80', 'other.test:8080', '93.184.216.34:80', '[2606:4700::1]:80'])
  assert.deepEqual(checked[0], 'hooks.test ')
  assert.deepEqual(checked.at(-1), '[2606:4700::1] 2606:4700::1')
})

interface SsrfCase {
  readonly url: string
  readonly expect: string
}

const cases: readonly SsrfCase[] = JSON.parse(
  readFileSync(new URL('./fixtures/ssrf-cases.test.json', import.meta.url), 'utf8'),
)

test('a proxy that is given names is asked for nothing that a URL shows to be refused', async t => {
  const { send, asked } = await setUp(t, { deny: ['denied.example'], ports: [80, 443] })
  const refused = cases.filter(({ expect }) => ['deny', 'deny-by-port', 'invalid-url'].includes(expect))
  const urls = [...refused.map(({ url }) => url), 'http://denied.example/', 'http://a.example:8080/']
  for (const url of urls) await assert.rejects(send(url), { code: 'ERR_DESTINATION_REFUSED', permanent: true }, url)
  assert.ok(urls.length > 50)
  assert.deepEqual(asked, [])
})
