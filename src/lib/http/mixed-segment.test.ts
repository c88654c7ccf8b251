import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matchMixedSegment, parseMixedSegment } from './mixed-segment.ts'

const match = (template: string, segment: string) => matchMixedSegment(parseMixedSegment(template)!, segment)

test('matchMixedSegment gives the first name as much as it can take', () => {
  const cases = [
    ['{id}:archive', '7:archive', ['7']],
    ['{id}:archive', '7:archive:archive', ['7:archive']],
    ['{id}:archive', ':archive', undefined],
    ['{id}:archive', '7%3Aarchive', undefined],
    ['{id}:archive', '7:archived', undefined],
    ['{name}.{ext}', 'a.tar.gz', ['a.tar', 'gz']],
    ['{name}.{ext}', 'a.', undefined],
    ['{name}.{ext}', '.a', undefined],
    ['{name}.{ext}', 'a..b', ['a.', 'b']],
    ['{name}.{ext}', 'a%2Eb.c', ['a%2Eb', 'c']],
    ['v{a}-{b}-{c}x', 'v1-2-3-4x', ['1-2', '3', '4']],
    ['@{user}', '@a', ['a']],
    ['{a}aa{b}', 'aaaaa', ['aa', 'a']],
    ['{a} größe', '7%20gr%C3%B6%C3%9Fe', ['7']],
    ['{a}..{b}', '1..2', ['1', '2']],
    ['{a}%41', '7%41', ['7']],
  ] as const
  for (const [template, segment, wanted] of cases) assert.deepEqual(match(template, segment), wanted, segment)
})

test('matchMixedSegment agrees with a regular expression', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '.', '-'), maxLength: 8 })
  fc.assert(
    fc.property(text, segment => {
      const wanted = /^a(.+)\.-(.+?)\.$/.exec(segment)
      const greedy = /^a(.+)\.-(.+)\.$/.exec(segment)
      assert.deepEqual(match('a{x}.-{y}.', segment), greedy === null ? undefined : [greedy[1], greedy[2]])
      assert.equal(wanted === null, greedy === null)
    }),
  )
})

test('matchMixedSegment takes a hostile segment in linear time', () => {
  const before = process.cpuUsage().user
  assert.equal(match('{a}.{b}.{c}.{d}x', '.'.repeat(100_000)), undefined)
  assert.notEqual(match('{a}.{b}.{c}.{d}', '.'.repeat(100_000)), undefined)
  assert.ok(process.cpuUsage().user - before < 500_000)
})
