import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { DestinationRuleError } from './destination-rule-error.ts'
import { createDestinationPolicy, type DestinationPolicyOptions } from './policy.ts'
import { refusedHostText } from './verdict.ts'

function reasonFor(url: string, options?: DestinationPolicyOptions): string {
  const verdict = createDestinationPolicy(options).judgeUrl(url)
  return verdict.allowed ? 'allowed' : verdict.reason
}

test('judgeUrl never throws, and allows nothing but http and https without user info and fragment', () => {
  const policy = createDestinationPolicy()
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl(),
    fc.webUrl().map(url => `${url}#`),
    fc.string().map(tail => `http://${tail}`),
  )
  fc.assert(
    fc.property(text, url => {
      const verdict = policy.judgeUrl(url)
      if (!verdict.allowed) return verdict.text.length > 0
      const { protocol, username, password, href } = verdict.url
      return /^https?:$/.test(protocol) && username === '' && password === '' && !href.includes('#')
    }),
    { numRuns: 1_000 },
  )
})

test('judgeUrl refuses a private address in every spelling that URL understands', () => {
  const policy = createDestinationPolicy()
  const anyByte = fc.integer({ min: 0, max: 255 })
  const privateAddress = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 255), anyByte, anyByte, anyByte),
    fc.tuple(fc.constant(192), fc.constant(168), anyByte, anyByte),
    fc.tuple(fc.constant(169), fc.constant(254), anyByte, anyByte),
  )
  fc.assert(
    fc.property(privateAddress, bytes => {
      for (const spelling of spellings(bytes)) {
        const verdict = policy.judgeUrl(`http://${spelling}/`)
        assert.deepEqual(verdict, { allowed: false, reason: 'address', text: refusedHostText }, spelling)
      }
    }),
  )
})

function spellings([a, b, c, d]: readonly [number, number, number, number]): string[] {
  const number = ((a * 256 + b) * 256 + c) * 256 + d
  const hex = (byte: number): string => byte.toString(16)
  const tail = `${hex(a * 256 + b)}:${hex(c * 256 + d)}`
  return [
    `${a}.${b}.${c}.${d}`,
    `${a}.${b}.${c}.${d}.`,
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${number}`,
    `0x${hex(number)}`,
    `0X${hex(number).toUpperCase()}`,
    `0${number.toString(8)}`,
    [a, b, c, d].map(byte => `0x${hex(byte)}`).join('.'),
    [a, b, c, d].map(byte => `0${byte.toString(8)}`).join('.'),
    [a, b, c, d].map(byte => `00000${byte.toString(8)}`).join('.'),
    `%3${String(a)[0]}${String(a).slice(1)}.${b}.${c}.${d}`,
    `${a}。${b}．${c}｡${d}`,
    `[::ffff:${a}.${b}.${c}.${d}]`,
    `[::FFFF:${tail.toUpperCase()}]`,
    `[0:0:0:0:0:ffff:${tail}]`,
    `[0000:0000:0000:0000:0000:0000:${tail}]`,
    `[::ffff:0:${tail}]`,
    `[64:ff9b::${tail}]`,
    `[64:ff9b:1::${tail}]`,
    `[2002:${tail}::]`,
    `[2606:4700::5efe:${tail}]`,
  ]
}

test('judgeUrl gives one text for every refused name and address', () => {
  const policy = createDestinationPolicy({ deny: ['denied.example', '93.184.216.0/24'] })
  for (const host of [
    '127.0.0.1',
    '[::1]',
    '10.0.0.1',
    '169.254.169.254',
    'localhost',
    'a.b.localhost',
    'printer.local',
    'metadata.google.internal',
    'metadata',
    'LOCALHOST..',
    'denied.example',
    '93.184.216.34',
  ]) {
    const verdict = policy.judgeUrl(`http://${host}/`)
    assert.equal(!verdict.allowed && verdict.text, 'This destination is not allowed', host)
  }
})

test('judgeUrl says what is wrong with the URL itself', () => {
  assert.equal(reasonFor(''), 'invalid-url')
  assert.equal(reasonFor('/events'), 'invalid-url')
  assert.equal(reasonFor('ftp://www.external.org/'), 'scheme')
  assert.equal(reasonFor('https://user@www.external.org/'), 'user-info')
  assert.equal(reasonFor('https://:secret@www.external.org/'), 'user-info')
  assert.equal(reasonFor('https://www.external.org/#top'), 'fragment')
  assert.equal(reasonFor('https://www.external.org/#'), 'fragment')
  assert.equal(reasonFor('https://./'), 'name')
})

test('judgeUrl refuses ports of services and takes those of the web', () => {
  for (const port of [22, 25, 2375, 2379, 3306, 5432, 5672, 6379, 6443, 8500, 9092, 9200, 10250, 11211, 27017]) {
    assert.equal(reasonFor(`http://www.external.org:${port}/`), 'port', String(port))
  }
  for (const port of [80, 443, 3000, 4000, 5000, 8000, 8080, 8443, 8888, 9000, 49152]) {
    assert.equal(reasonFor(`http://www.external.org:${port}/`), 'allowed', String(port))
  }
  const verdict = createDestinationPolicy().judgeUrl('http://www.external.org:6379/')
  assert.equal(!verdict.allowed && verdict.text, 'Port 6379 (Redis) is not allowed')
})

test('judgeUrl refuses the ports of services that would take a request for commands, and tells whose they are', () => {
  const ports = [
    88, 445, 464, 593, 623, 873, 1099, 1433, 1434, 1521, 1883, 2019, 2181, 2375, 2376, 2377, 2379, 2380, 2888, 3050,
    3260, 3268, 3269, 3306, 3389, 3888, 4222, 4369, 4646, 4647, 4648, 5432, 5433, 5671, 5672, 5900, 5984, 5985, 5986,
    6222, 6379, 6380, 6432, 6443, 6650, 7199, 7474, 7687, 8086, 8200, 8201, 8222, 8300, 8301, 8302, 8500, 8501, 8529,
    8600, 8883, 9042, 9092, 9093, 9094, 9160, 9200, 9300, 9418, 9901, 10250, 10255, 10256, 10257, 10259, 11210, 11211,
    15672, 16379, 19530, 25672, 26257, 26379, 27017, 27018, 27019, 28015, 28017, 29015, 33060, 50000, 61613, 61616,
  ]
  const policy = createDestinationPolicy()
  for (const port of ports) {
    const verdict = policy.judgeUrl(`http://www.external.org:${port}/`)
    assert.match(verdict.allowed ? '' : verdict.text, new RegExp(`^Port ${port} \\([^)]+\\) is not allowed$`))
  }
})

test('judgeUrl takes the ports of the rule "ports" and no other', () => {
  const ports = [443, 6379]
  assert.equal(reasonFor('https://www.external.org/', { ports }), 'allowed')
  assert.equal(reasonFor('http://www.external.org:6379/', { ports }), 'allowed')
  assert.equal(reasonFor('http://www.external.org/', { ports }), 'port')
})

test('judgeUrl takes the schemes of the rule "schemes" and no other', () => {
  assert.equal(reasonFor('https://www.external.org/', { schemes: ['https'] }), 'allowed')
  assert.equal(reasonFor('http://www.external.org/', { schemes: ['https'] }), 'scheme')
})

test('judgeUrl refuses our own servers on http and https, whatever is allowed', () => {
  const options = {
    ownOrigins: ['https://api.example.com/v1', 'http://localhost:8000'],
    allow: ['localhost', 'api.example.com'],
  }
  assert.equal(reasonFor('https://api.example.com/invoices', options), 'own-origin')
  assert.equal(reasonFor('http://API.example.com./invoices', options), 'own-origin')
  assert.equal(reasonFor('http://localhost:8000/', options), 'own-origin')
  assert.equal(reasonFor('http://localhost:8001/', options), 'allowed')
})

test('judgeUrl lets an allowed host through, but not its user info, fragment or port', () => {
  const allow = ['localhost', '*.lan', '10.1.0.0/16', 'fd00::7']
  assert.equal(reasonFor('http://localhost./', { allow }), 'allowed')
  assert.equal(reasonFor('http://hooks.lan/', { allow }), 'allowed')
  assert.equal(reasonFor('http://10.1.2.3/', { allow }), 'allowed')
  assert.equal(reasonFor('http://[fd00::7]/', { allow }), 'allowed')
  assert.equal(reasonFor('http://[fd00::8]/', { allow }), 'address')
  assert.equal(reasonFor('http://10.2.0.1/', { allow }), 'address')
  assert.equal(reasonFor('http://127.0.0.1/', { allow }), 'address')
  assert.equal(reasonFor('http://me@localhost/', { allow }), 'user-info')
  assert.equal(reasonFor('http://localhost/#a', { allow }), 'fragment')
  assert.equal(reasonFor('http://localhost:6379/', { allow }), 'port')
})

test('judgeUrl refuses a denied host, whatever is allowed', () => {
  const rules = { allow: ['10.0.0.0/8', '*.lan'], deny: ['10.0.0.1', 'secret.lan', '*.external.org'] }
  assert.equal(reasonFor('http://10.0.0.1/', rules), 'address')
  assert.equal(reasonFor('http://10.0.0.2/', rules), 'allowed')
  assert.equal(reasonFor('http://secret.lan/', rules), 'name')
  assert.equal(reasonFor('http://SECRET.lan../', rules), 'name')
  assert.equal(reasonFor('http://www.external.org/', rules), 'name')
  assert.equal(reasonFor('http://external.org/', rules), 'allowed')
})

test('judgeAddress refuses the addresses of this host, and reads them again after 5 s', () => {
  let nowMs = 0
  let own = ['93.184.216.34', 'fe80::1%eth0']
  const policy = createDestinationPolicy({ ownAddresses: () => own, clock: { ...systemClock, now: () => nowMs } })
  assert.equal(policy.judgeAddress('93.184.216.34').allowed, false)
  own = ['2606:4700:0:0::9']
  nowMs = 4_999
  assert.equal(policy.judgeAddress('93.184.216.34').allowed, false)
  nowMs = 5_000
  assert.equal(policy.judgeAddress('93.184.216.34').allowed, true)
  assert.equal(policy.judgeAddress('2606:4700::9').allowed, false)
})

test('judgeAddresses refuses all for one that is refused, and refuses none at all', () => {
  const policy = createDestinationPolicy()
  const url = new URL('https://www.external.org/')
  assert.equal(policy.judgeAddresses(url, ['93.184.216.34', '2606:4700::1']).allowed, true)
  assert.equal(policy.judgeAddresses(url, ['93.184.216.34', '::1']).allowed, false)
  assert.equal(policy.judgeAddresses(url, ['93.184.216.34', 'nonsense']).allowed, false)
  assert.equal(policy.judgeAddresses(url, []).allowed, false)
})

test('judgeAddresses lets an allowed name go wherever it resolves to, but not to a denied address', () => {
  const policy = createDestinationPolicy({ allow: ['hooks.lan'], deny: ['169.254.169.254'] })
  const url = new URL('https://hooks.lan/')
  assert.equal(policy.judgeAddresses(url, ['10.0.0.1', '::1']).allowed, true)
  assert.equal(policy.judgeAddresses(url, ['10.0.0.1', '169.254.169.254']).allowed, false)
  assert.equal(policy.judgeAddresses(url, ['::ffff:169.254.169.254']).allowed, false)
  assert.equal(policy.judgeAddresses(url, ['nonsense']).allowed, false)
})

test('judgeAddress judges the IPv4 address inside an allowed block of NAT64 too', () => {
  const policy = createDestinationPolicy({ allow: ['64:ff9b::/96'], deny: ['93.184.216.0/24'] })
  assert.equal(policy.judgeAddress('64:ff9b::8.8.8.8').allowed, true)
  assert.equal(policy.judgeAddress('64:ff9b::169.254.169.254').allowed, false)
  assert.equal(policy.judgeAddress('64:ff9b::93.184.216.34').allowed, false)
})

const mistypedRules: readonly (readonly [rule: string, options: object])[] = [
  ...[0, -1, 1.5, Number.NaN, 2 ** 31, '5'].map(lookupTimeoutMs => ['lookupTimeoutMs', { lookupTimeoutMs }] as const),
  ['allow', { allow: ['10.0.0.0/33'] }],
  ['allow', { allow: ['10.1'] }],
  ['allow', { allow: ['*'] }],
  ['allow', { allow: ['http://localhost'] }],
  ['allow', { allow: ['localhost:8000'] }],
  ['allow', { allow: ['a.*.lan'] }],
  ['allow', { allow: 'localhost' }],
  ['deny', { deny: [''] }],
  ['deny', { deny: ['10.0.0.1/8'] }],
  ['deny', { deny: [7] }],
  ...[0, -1, 65_536, 80.5, '80'].map(port => ['ports', { ports: [port] }] as const),
  ['resolver', { resolver: { resolve4() {} } }],
  ['resolver', { resolver: { resolve6() {} } }],
  ['ports', { ports: 443 }],
  ['schemes', { schemes: ['ftp'] }],
  ['proxy', { proxy: 'socks5://proxy.lan' }],
  ['proxy', { proxy: 'http://user:100%@proxy.lan' }],
  ['resolver', { resolver: {} }],
  ['check', { check: 'yes' }],
  ['ownOrigins', { ownOrigins: ['/v1'] }],
]

for (const [rule, options] of mistypedRules) {
  test(`createDestinationPolicy throws for the rule ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => createDestinationPolicy(options),
      (error: unknown) => error instanceof DestinationRuleError && error.rule === rule,
    )
  })
}

test('createDestinationPolicy takes the least and the most of each number', () => {
  const ports = [1, 65_535]
  for (const lookupTimeoutMs of [1, 2 ** 31 - 1]) createDestinationPolicy({ lookupTimeoutMs, ports })
  for (const port of ports) assert.equal(reasonFor(`http://www.external.org:${port}/`, { ports }), 'allowed')
})

test('createDestinationPolicy tells nothing of a proxy with a password', () => {
  assert.throws(
    () => createDestinationPolicy({ proxy: 'ftp://user:secret@proxy.lan' }),
    (error: unknown) => error instanceof DestinationRuleError && !error.message.includes('secret'),
  )
})

for (const [address, prefix, inside] of [
  ['64:ff9b:1:a00:0:100:808:808', 48, '10.0.0.1'],
  ['64:ff9b:1:a9fe:a9:fe00::', 48, '169.254.169.254'],
  ['64:ff9b:1:a:0:1::', 56, '10.0.0.1'],
  ['64:ff9b:1:7f:0:1::', 56, '127.0.0.1'],
  ['64:ff9b:1:808:a:0:100:0', 64, '10.0.0.1'],
  ['64:ff9b:1:0:c0:a801:100::', 64, '192.168.1.1'],
  ['64:ff9b:1::10.0.0.1', 96, '10.0.0.1'],
] as const)
  test(`an allowed block of NAT64 does not lead to ${inside} behind a prefix of ${prefix} bits`, () => {
    const policy = createDestinationPolicy({ allow: ['64:ff9b:1::/48'] })
    assert.equal(policy.judgeUrl(`http://[${address}]/`).allowed, false)
    assert.equal(policy.judgeAddress(address).allowed, false)
    const both = createDestinationPolicy({ allow: ['64:ff9b:1::/48', `${inside}/32`, '0.0.0.0/0'] })
    assert.equal(both.judgeAddress(address).allowed, true)
    const denied = createDestinationPolicy({ allow: ['nat.lan', '64:ff9b:1::/48'], deny: [inside] })
    assert.equal(denied.judgeAddresses(new URL('http://nat.lan/'), [address]).allowed, false)
  })

test('an allowed block of NAT64 leads to public hosts behind prefixes of each length', () => {
  const policy = createDestinationPolicy({ allow: ['64:ff9b:1::/48'] })
  for (const address of [
    '64:ff9b:1:808:8:800::',
    '64:ff9b:1:8:8:808::',
    '64:ff9b:1:0:8:808:800::',
    '64:ff9b:1::8.8.8.8',
    '64:ff9b:1:abcd::8.8.8.8',
  ])
    assert.equal(policy.judgeAddress(address).allowed, true, address)
  const whole = createDestinationPolicy({ allow: ['64:ff9b::/32'] })
  assert.equal(whole.judgeAddress('64:ff9b:a00:1::').allowed, false)
  assert.equal(whole.judgeAddress('64:ff9b:a:1:1::').allowed, false)
  assert.equal(whole.judgeAddress('64:ff9b:808:808::').allowed, true)
})
