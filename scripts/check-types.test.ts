import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectedErrors, typeBreaches } from './check-types.ts'
import { parseCompilerMessages } from './compiler-messages.ts'

const program = `import 'ringback'
app.post() // error: Expected 2 arguments
// what follows is wrong twice
// error: 'a' is not assignable
  // error: no query parameter "b"

app.get('/')
`

const output = `p.ts(2,5): error TS2554: Expected 2 arguments, but got 0.
p.ts(7,9): error TS2322: Type 'x' is not assignable to type 'y'.
  Types of property 'note' are incompatible.
    Type 'a' is not assignable to type 'string'.
p.ts(7,9): error TS2322: Type 'x' is not assignable to type '"no query parameter "b""'.`

test('expectedErrors reads announcements at the end of a line and on the lines above', () => {
  assert.deepEqual(expectedErrors('p.ts', program), [
    { file: 'p.ts', line: 2, words: 'Expected 2 arguments' },
    { file: 'p.ts', line: 7, words: "'a' is not assignable" },
    { file: 'p.ts', line: 7, words: 'no query parameter "b"' },
  ])
})

test('parseCompilerMessages keeps an explanation with its error', () => {
  const messages = parseCompilerMessages(output)
  assert.deepEqual(
    messages.map(({ line, lines }) => [line, lines.length]),
    [
      [2, 1],
      [7, 3],
      [7, 1],
    ],
  )
  assert.deepEqual(parseCompilerMessages('error TS18003: No inputs were found.'), [
    { file: '', line: 0, lines: ['error TS18003: No inputs were found.'] },
  ])
})

test('typeBreaches finds nothing where every error is announced', () => {
  assert.deepEqual(typeBreaches(expectedErrors('p.ts', program), parseCompilerMessages(output)), [])
})

test('typeBreaches reports an error that is missing, elsewhere, or worded differently', () => {
  const [message] = parseCompilerMessages(output)
  const explained = parseCompilerMessages(output).slice(1, 2)
  assert.ok(message)
  assert.match(
    typeBreaches([{ file: 'p.ts', line: 2, words: 'Expected' }], [])[0]?.text ?? '',
    /^no error whose last line contains: Expected/,
  )
  assert.match(typeBreaches([], [message])[0]?.text ?? '', /^not announced: error TS2554/)
  assert.equal(typeBreaches([{ file: 'p.ts', line: 3, words: 'Expected' }], [message]).length, 2)
  assert.equal(typeBreaches([{ file: 'q.ts', line: 2, words: 'Expected' }], [message]).length, 2)
  assert.equal(typeBreaches([{ file: 'p.ts', line: 7, words: 'are incompatible' }], explained).length, 2)
})
