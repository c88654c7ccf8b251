import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { blockContains, parseAddressBlock } from './address-block.ts'
import { parseIpAddress } from './ip-address.ts'

function contains(block: string, address: string): boolean {
  return blockContains(parseAddressBlock(block)!, parseIpAddress(address)!)
}

test('blockContains holds at both edges of a block', () => {
  assert.equal(contains('172.16.0.0/12', '172.16.0.0'), true)
  assert.equal(contains('172.16.0.0/12', '172.31.255.255'), true)
  assert.equal(contains('172.16.0.0/12', '172.15.255.255'), false)
  assert.equal(contains('172.16.0.0/12', '172.32.0.0'), false)
  assert.equal(contains('fc00::/7', 'fdff:ffff::1'), true)
  assert.equal(contains('fc00::/7', 'fe00::1'), false)
})

test('blockContains takes one address, and the whole of a family', () => {
  assert.equal(contains('10.0.0.7', '10.0.0.7'), true)
  assert.equal(contains('10.0.0.7', '10.0.0.8'), false)
  assert.equal(contains('0.0.0.0/0', '8.8.8.8'), true)
  assert.equal(contains('::/0', '2606:4700::1'), true)
})

test('blockContains never reaches across families', () => {
  assert.equal(contains('127.0.0.0/8', '::ffff:127.0.0.1'), false)
  assert.equal(contains('::/0', '127.0.0.1'), false)
})

test('blockContains agrees with the BlockList of Node within one family', () => {
  const ipv4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.constant('ipv4' as const))
  const ipv6 = fc.tuple(fc.ipV6(), fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.constant('ipv6' as const))
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), fc.boolean(), ([start, other, prefixLength, family], inside) => {
      const address = inside ? start : other
      // Node answers for the IPv4 address inside an IPv4-mapped one, which is why it is not used here
      fc.pre(!URL.canParse(`http://[${address}]/`) || !new URL(`http://[${address}]/`).hostname.startsWith('[::ffff:'))
      const list = new BlockList()
      list.addSubnet(start, prefixLength, family)
      const block = { base: parseIpAddress(start)!, prefixLength }
      assert.equal(blockContains(block, parseIpAddress(address)!), list.check(address, family))
    }),
  )
})

test('parseAddressBlock gives undefined for what is no block, or has bits set after its prefix', () => {
  for (const text of [
    '',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.1/8',
    '::1/64',
    '::/129',
    '10/8',
    'lan/8',
  ]) {
    assert.equal(parseAddressBlock(text), undefined, text)
  }
})
