import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DnsServer } from '../../../../test/support/dns-server.ts'
import { systemClock } from '../../clock.ts'
import { NameResolver } from './name-resolver.ts'

test('NameResolver makes room by giving up 4,000 questions, and asks again for the names that are still wanted', async () => {
  let isFull = false
  await using dns = await new DnsServer((_, type) => {
    if (!isFull) return 'silence'
    return type === 'A' ? ['192.0.2.1'] : []
  }).start()
  const resolver = new NameResolver(() => [dns.server], systemClock)
  const resolve = (hostname: string, wanted: boolean) =>
    resolver.resolve({ hostname, timeMs: 15_000, isWanted: () => wanted })
  const wanted = resolve('wanted.test', true)
  const others = Promise.allSettled(Array.from({ length: 1_999 }, (_, count) => resolve(`n${count}.test`, false)))
  for (let seen = -1; seen !== dns.questions.length; await new Promise(setImmediate)) seen = dns.questions.length
  isFull = true
  assert.deepEqual((await resolve('last.test', true)).addresses, ['192.0.2.1'])
  assert.deepEqual((await wanted).addresses, ['192.0.2.1'])
  const codes = (await others).map(each => each.status === 'rejected' && each.reason.code)
  assert.deepEqual(new Set(codes), new Set(['ECANCELLED']))
  resolver.close()
})
