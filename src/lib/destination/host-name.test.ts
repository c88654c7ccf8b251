import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDestinationPolicy } from './policy.ts'

test('A policy refuses a host that is longer than a name can be, in no time', () => {
  const policy = createDestinationPolicy()
  const dots = '.'.repeat(400_000)
  const before = process.cpuUsage()
  for (const url of [
    `http://a${dots}b/`,
    `http://a${dots}/`,
    `http://${'a.'.repeat(200_000)}b/`,
    `http://${'a'.repeat(254)}/`,
  ]) {
    const verdict = policy.judgeUrl(url)
    assert.ok(!verdict.allowed)
    assert.equal(verdict.reason, 'invalid-url', url.slice(0, 20))
    assert.ok(verdict.text.length < 1000, String(verdict.text.length))
  }
  assert.ok(process.cpuUsage(before).user < 1_000_000)
})

test('A policy takes the longest name, with and without the dot of the root', () => {
  const policy = createDestinationPolicy()
  const label = 'a'.repeat(62)
  const name = `${label}.${label}.${label}.${label}.b`
  assert.equal(name.length, 253)
  assert.ok(policy.judgeUrl(`https://${name}/`).allowed)
  assert.ok(policy.judgeUrl(`https://${name}./`).allowed)
  assert.equal(policy.judgeUrl(`https://a${name}/`).allowed, false)
})
