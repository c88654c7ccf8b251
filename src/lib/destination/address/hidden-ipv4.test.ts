import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiddenIpv4 } from './hidden-ipv4.ts'
import { parseIpAddress } from './ip-address.ts'

const forms: readonly (readonly [name: string, address: string])[] = [
  ['IPv4-mapped', '::ffff:169.254.169.254'],
  ['IPv4-translated', '::ffff:0:169.254.169.254'],
  ['NAT64', '64:ff9b::a9fe:a9fe'],
  ['local NAT64', '64:ff9b:1::a9fe:a9fe'],
  ['6to4', '2002:a9fe:a9fe::1'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:5601:5601'],
  ['ISATAP', '2606:4700::5efe:a9fe:a9fe'],
  ['ISATAP of a global address', '2606:4700::200:5efe:a9fe:a9fe'],
]

for (const [name, address] of forms) {
  test(`hiddenIpv4 finds the address inside the ${name} form`, () => {
    assert.deepEqual(
      hiddenIpv4(parseIpAddress(address)!)
        .map(found => found.join('.'))
        .slice(-1),
      ['169.254.169.254'],
    )
  })
}

test('hiddenIpv4 takes nothing for ISATAP that only comes near it', () => {
  for (const near of ['100:5efe', '1:5efe', '2:5efe', '5eff', '5fe', '4efe', 'de5e'])
    assert.deepEqual(hiddenIpv4(parseIpAddress(`2606:4700::${near}:a9fe:a9fe`)!), [], near)
})

test('hiddenIpv4 gives nothing for ordinary addresses', () => {
  assert.deepEqual(hiddenIpv4(parseIpAddress('2606:4700:4700::1111')!), [])
  assert.deepEqual(hiddenIpv4(parseIpAddress('169.254.169.254')!), [])
})
