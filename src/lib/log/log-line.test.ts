import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { logLine } from './log-line.ts'

const FORGED = '2026-01-01 INFO paid'
/** What could steer a terminal, or begin a line. */
const hostile: Readonly<Record<string, string>> = {
  'a line feed': `x\n${FORGED}`,
  'a carriage return': `x\r${FORGED}`,
  both: `x\r\n${FORGED}`,
  'a line feed before a frame': `x\n    at paid (/app/${FORGED}:1:1)`,
  'an escape sequence': `x\x1b[2J\x1b[31m${FORGED}`,
  'a C1 sequence': `x\x9b31m${FORGED}`,
  'an OSC sequence': `x\x1b]0;title\x07\x9d8;;http://evil.example\x9c${FORGED}`,
  'another separator of lines': `x\u2028${FORGED}\u2029\x85`,
  'another direction': `x\u202e${FORGED}\u200b`,
  backspaces: `x${'\b'.repeat(20)}\x7f${FORGED}`,
}
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

class WithCode extends Error {
  readonly code: string
  constructor(text: string) {
    super(text)
    this.code = text
    this.name = text
  }
}

/** Where such a text may stand. */
const places: Readonly<Record<string, (text: string) => unknown>> = {
  'a message': text => new Error(text),
  'the message of a cause': text =>
    new TypeError('outer', { cause: new Error('middle', { cause: new RangeError(text) }) }),
  'one of several errors': text => new AggregateError([new Error('a'), new Error(text)], text),
  'a property and the name of an error': text => new WithCode(text),
  'a stack': text => Object.assign(new Error('x'), { stack: `Error: ${text}\n    at x (y.js:1:1)` }),
  'a stack without frames': text => Object.assign(new Error('x'), { stack: text }),
  'a message that was changed': text => {
    const error = new Error(text)
    assert.ok(error.stack?.includes(text))
    return Object.assign(error, { message: `other ${FORGED}` })
  },
  'an exception of the web': text => new DOMException(text, 'AbortError'),
  'an error in a list': text => [new Error(text)],
  'a cause that is text': text => new Error('x', { cause: text }),
  'a text': text => text,
  'a key': text => ({ [text]: 1 }),
  'a field of an error': text => Object.assign(new Error('x'), { detail: text }),
}

describe('logLine', () => {
  for (const [place, make] of Object.entries(places))
    for (const [what, text] of Object.entries(hostile))
      test(`escapes ${what} in ${place}`, () => {
        const line = logLine('A request failed', { path: '/x', error: make(text) })
        for (const [index, one] of line.split('\n').entries()) {
          assert.doesNotMatch(one, STEERING)
          // Who writes a stack writes its frames.
          if (index > 0)
            assert.doesNotMatch(
              one,
              place.includes('stack') || place.includes('changed') ? /^\s*2026/ : /^\s*(?:2026|at paid)/,
              line,
            )
        }
        assert.match(line, /^A request failed \{/)
        assert.ok(line.includes('2026-01-01 INFO paid'), line)
      })

  for (const [what, text] of Object.entries(hostile))
    test(`escapes ${what} in the sentence`, () => {
      assert.doesNotMatch(logLine(`The callback ${text}`), STEERING)
      assert.equal(logLine(`The callback ${text}`, {}).split('\n').length, 1)
    })

  test('leaves an error as Node writes it where nothing is hostile', () => {
    const error = Object.assign(new TypeError('It broke', { cause: new Error('why') }), { code: 'E_X', more: { a: 1 } })
    const fields = { error, method: 'GET', path: '/x', count: 7 }
    assert.equal(logLine('A request failed', fields), `A request failed ${inspect(fields)}`)
    assert.equal(logLine('Serving at http://localhost:8000'), 'Serving at http://localhost:8000')
    assert.equal(logLine('100 %s %d %j', { a: 1 }), '100 %s %d %j { a: 1 }')
  })

  test('writes what holds itself, what is very deep, and what does not bear to be copied', () => {
    const cyclic = new Error('x\ny')
    cyclic.cause = cyclic
    assert.match(logLine('a', { error: cyclic }), /x\\x0ay/)
    let deep = new Error('x\ny')
    for (let level = 0; level < 100; level++) deep = new Error('x\ny', { cause: deep })
    assert.doesNotMatch(logLine('a', { error: deep }), /^y/m)
    class Particular extends Error {
      [inspect.custom]() {
        return `${this.#own}`
      }
      readonly #own = 1
    }
    assert.match(logLine('a', { error: new Particular('x\ny') }), /^a .*x/)
    const withGetter = {
      get b(): never {
        throw new Error('no')
      },
    }
    assert.equal(logLine('a', withGetter), 'a { b: [Getter] }')
  })
})
