import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import { readTarget } from './read-target.ts'

const read = (url: string, host = 'a.example') =>
  readTarget({ url, headers: { host } } as IncomingMessage, { trustsHost: () => true, readForwarded: undefined })
const isTaken = (url: string, host?: string) => 'text' in read(url, host)

test('a target that begins with a slash is what a web Request of it sees, or refused for its backslash', () => {
  const piece = fc.constantFrom(
    ...'ab/.?#%2eE5cfF0[]|"\'<>{}`^@:;&=+ ~*$!(),',
    '..',
    '/./',
    '%2e',
    '//',
    'http://',
    '\\',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const text = `/${pieces.join('')}`
      const { pathname, search } = new URL(new Request(`http://a.example${text}`).url)
      const target = read(text)
      if ('status' in target) assert.match(text, /^[^?]*\\/)
      else {
        // A query is kept as it was written where the parser only escapes a quote in it.
        const again = new URL(`http://a.example${target.text}`)
        assert.deepEqual([again.pathname, again.search], [pathname, search])
        assert.equal(target.text.startsWith('/'), true)
        assert.equal(target.origin, undefined)
      }
    }),
  )
})

test('an absolute target names its own origin, and loses user names, fragments and dot segments or is refused', () => {
  assert.deepEqual(read('http://B.example:80/x/../y?a=1#f'), { text: '/y?a=1', origin: 'http://b.example' })
  assert.deepEqual(read('HTTPS://b.example?a'), { text: '/?a', origin: 'https://b.example' })
  for (const text of [
    '*',
    'x',
    'b.example:80',
    'http:b.example',
    'http:///x',
    'http:\\\\b.example/x',
    'http://b.example/x\\y',
    'http://u@b.example/',
    'http://[::1/x',
    'http://b.example:99999/',
    'ftp://b.example/x',
    'ws://b.example/x',
    'file:///etc/passwd',
  ])
    assert.equal(isTaken(text), false, text)
})

test('a Host is a name or an address, with or without a port', () => {
  for (const host of ['a', 'A.b', 'a_b:80', 'a+b', '[::1]', '[::1]:80', '127.0.0.1', ''])
    assert.equal(isTaken('/', host), true, host)
  for (const host of 'a/b a?b a#b u@a a\\b a,\tb ß ß/12345 %61 a"b a{b a:b a: a:99999 1.2.3.4.5 [::1 a:80:80'.split(
    ' ',
  ))
    assert.equal(isTaken('/', host), false, host)
})
