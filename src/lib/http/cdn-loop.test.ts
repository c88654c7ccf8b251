import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCdnLoop } from './cdn-loop.ts'

const read = (header: string) => parseCdnLoop(header).map(({ id, values }) => [id, ...values('id')])

test('parseCdnLoop reads names and parameters (RFC 8586, section 2)', () => {
  assert.deepEqual(
    read('foo123.foocdn.example, barcdn.example; trace="abcdef"; id=7, AnotherCDN; abc=123; def="456"'),
    [['foo123.foocdn.example'], ['barcdn.example', '7'], ['anothercdn']],
  )
  assert.deepEqual(read('ringback;id=a'), [['ringback', 'a']])
  assert.deepEqual(read(' Ringback \t;\tID="a b" ; Id=c,,x'), [['ringback', 'a b', 'c'], [''], ['x']])
  assert.deepEqual(read('cdn.example:8080;id=""'), [['cdn.example:8080', '']])
})

test('parseCdnLoop finds separators outside of quotes only', () => {
  assert.deepEqual(read('x; a="1, ringback; id=7"; id="a;b,c"'), [['x', 'a;b,c']])
  assert.deepEqual(read('x; a="\\", y; id=2"; id="\\a\\"\\\\"'), [['x', 'a"\\']])
})

test('parseCdnLoop skips what is malformed', () => {
  assert.deepEqual(read('x; a="open, ringback; id=7'), [['x'], ['ringback', '7']])
  assert.deepEqual(read('x; id; =7; id = 8 ; id=9=9'), [['x', '8', '9=9']])
  assert.deepEqual(read(''), [['']])
})
