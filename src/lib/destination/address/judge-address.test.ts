import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressBlock, blockContains } from './address-block.ts'
import { parseIpAddress } from './ip-address.ts'
import { isAllowedAddress, isPublicAddress } from './judge-address.ts'
import { specialAddressBlocks } from './special-address-blocks.ts'

/** An address of the block: its own bits first, then those of `filling`. */
function addressIn(cidr: string, filling: Uint8Array): Uint8Array {
  const { base, prefixLength } = addressBlock(cidr)
  return base.map((byte, index) => {
    const freeBits = 0xff >> Math.min(8, Math.max(0, prefixLength - index * 8))
    return byte | (filling[index]! & freeBits)
  })
}

function publicAddress(text: string): boolean {
  return isPublicAddress(parseIpAddress(text)!)
}

test('isPublicAddress refuses the first, the last and any address of every special block', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
  for (const [cidr] of specialAddressBlocks) {
    assert.equal(isPublicAddress(addressIn(cidr, new Uint8Array(16))), false, cidr)
    assert.equal(isPublicAddress(addressIn(cidr, new Uint8Array(16).fill(0xff))), false, cidr)
    fc.assert(
      fc.property(bytes, filling => !isPublicAddress(addressIn(cidr, filling))),
      { numRuns: 20 },
    )
  }
})

test('isPublicAddress refuses every IPv6 address outside 2000::/3', () => {
  const globalUnicast = addressBlock('2000::/3')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), address => {
      fc.pre(!blockContains(globalUnicast, address))
      return !isPublicAddress(address)
    }),
  )
})

test('isPublicAddress takes the addresses right outside of special blocks', () => {
  for (const text of [
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '128.0.0.0',
    '126.255.255.255',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '168.63.129.15',
    '2001:200::',
    '2003::',
    '2606:4700:4700::1111',
    '3ffe:ffff::1',
  ]) {
    assert.equal(publicAddress(text), true, text)
  }
})

test('isAllowedAddress refuses what is no address, and what is ours', () => {
  const ours = { allows: () => false, denies: () => false, isOwn: () => true }
  assert.equal(isAllowedAddress('93.184.216.34', ours), false)
  assert.equal(isAllowedAddress('93.184.216.34', { ...ours, isOwn: () => false }), true)
  assert.equal(isAllowedAddress('93.184.216.34.', { ...ours, isOwn: () => false, allows: () => true }), false)
})
