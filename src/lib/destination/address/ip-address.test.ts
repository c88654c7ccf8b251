import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseIpAddress } from './ip-address.ts'

const ipv6Groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })

function bytesOf(groups: readonly number[]): number[] {
  return groups.flatMap(group => [group >> 8, group & 0xff])
}

test('parseIpAddress reads an IPv4 address', () => {
  assert.deepEqual([...parseIpAddress('192.168.1.255')!], [192, 168, 1, 255])
})

test('parseIpAddress reads an IPv6 address that ends in IPv4 form', () => {
  assert.deepEqual([...parseIpAddress('::ffff:10.0.0.1')!], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1])
})

test('parseIpAddress reads every IPv6 address, written out and as URL shortens it', () => {
  fc.assert(
    fc.property(ipv6Groups, groups => {
      const full = groups.map(group => group.toString(16).padStart(4, '0')).join(':')
      const short = new URL(`http://[${full}]/`).hostname.slice(1, -1)
      assert.deepEqual([...parseIpAddress(full)!], bytesOf(groups))
      assert.deepEqual([...parseIpAddress(full.toUpperCase())!], bytesOf(groups))
      assert.deepEqual([...parseIpAddress(short)!], bytesOf(groups))
    }),
  )
})

test('parseIpAddress gives undefined for everything that is no plain address', () => {
  for (const text of [
    '',
    '127.1',
    '0x7f.0.0.1',
    '256.1.1.1',
    '010.0.0.1',
    ' 127.0.0.1',
    '[::1]',
    '::1%lo',
    'fe80::1%1',
    ':::',
    '1::2::3',
    'localhost',
  ]) {
    assert.equal(parseIpAddress(text), undefined, text)
  }
})

test('parseIpAddress never throws', () => {
  fc.assert(fc.property(fc.string(), text => void parseIpAddress(text)))
})
