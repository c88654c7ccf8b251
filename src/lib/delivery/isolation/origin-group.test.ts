import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newDelivery } from '../../store/conformance/rows.ts'
import { originGroup } from './origin-group.ts'

const groupOf = (origin: string) => originGroup({ ...newDelivery('a'), origin })

test('originGroup is the recipient where the application names one', () => {
  assert.equal(originGroup(newDelivery('a', { host: 'a.b.example', recipient: 'customer-17' })), 'customer-17')
})

test('originGroup of a host is the domain that names below it are free of', () => {
  assert.equal(groupOf('https://a1.evil.example'), 'evil.example')
  assert.equal(groupOf('https://x.y.z.evil.example:8443'), 'evil.example')
  assert.equal(groupOf('https://evil.example.'), 'evil.example')
  assert.equal(groupOf('https://shop.example.co.uk'), 'example.co.uk')
  assert.equal(groupOf('https://a.b.company.de'), 'company.de')
  assert.equal(groupOf('https://single'), 'single')
})

test('originGroup of an address is its network', () => {
  assert.equal(groupOf('http://203.0.113.7'), groupOf('http://203.0.113.99:8080'))
  assert.notEqual(groupOf('http://203.0.113.7'), groupOf('http://203.0.114.7'))
  assert.equal(groupOf('http://[2001:db8:1:2::3]'), groupOf('http://[2001:db8:1:ffff::1]'))
  assert.notEqual(groupOf('http://[2001:db8:1::1]'), groupOf('http://[2001:db8:2::1]'))
})

test('originGroup of what does not parse is itself', () => {
  assert.equal(groupOf('null'), 'null')
})
