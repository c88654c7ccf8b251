import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSources } from '../source-files.ts'
import { withTree } from '../temporary-tree.ts'
import { mutated } from './mutation.ts'
import { mutationsOf } from './mutations-of.ts'

/** The source after each change that is made to it. */
function changesOf(source: string): string[] {
  return withTree({ 'src/a.ts': source }, directory =>
    readSources(directory, ([file]) => mutationsOf(directory, file!).map(mutation => mutated(source, mutation))),
  )
}

const changes: Readonly<Record<string, readonly [source: string, changed: readonly string[]]>> = {
  'an operator becomes its neighbour': ['void (a < b)', ['void (a <= b)']],
  'an equality is turned round': ['void (a === b)', ['void (a !== b)']],
  'a sum becomes a difference': ['void (a + b)', ['void (a - b)']],
  'an alternative loses one side or the other': ['void (a ?? b)', ['void (a)', 'void (b)']],
  'a conjunction becomes a disjunction, or loses a side': ['void (a && b)', ['void (a || b)', 'void (a)', 'void (b)']],
  'a negation goes': ['void !a', ['void a']],
  'a condition is fixed or turned round': [
    'if (a) throw b',
    ['if (true) throw b', 'if (false) throw b', 'if (!(a)) throw b', 'if (a) {}'],
  ],
  'the condition of a conditional expression too': [
    'void (a ? b : c)',
    ['void (true ? b : c)', 'void (false ? b : c)', 'void (!(a) ? b : c)'],
  ],
  'a loop is never entered': ['while (a) b++', ['while (false) b++', 'while (a) {}']],
  'a number moves by one': ['void 1_000', ['void 1001', 'void 999']],
  'a number below none stands in parentheses': [
    'void (2 -0)',
    ['void (2 +0)', 'void (3 -0)', 'void (1 -0)', 'void (2 -1)', 'void (2 -(-1))'],
  ],
  'a truth becomes its contrary': ['void [true, false]', ['void [false, false]', 'void [true, true]']],
  'a statement goes': ['{ a() }', ['{  }']],
  'spread members go': ['void { ...a, b: [...c] }', ['void { ...{}, b: [...c] }', 'void { ...a, b: [...[]] }']],
  'what is returned becomes nothing': ['function f() { return a }', ['function f() { return undefined }']],
  'so does the value of an arrow function': ['export const f = () => a', ['export const f = () => undefined']],
}

for (const [name, [source, changed]] of Object.entries(changes))
  test(`mutationsOf: ${name}`, () => {
    const wanted = source.startsWith('void') ? [...changed, ''] : changed
    assert.deepEqual(
      changesOf(source)
        .filter(text => text !== '{}')
        .toSorted(),
      wanted.filter(text => text !== '').toSorted(),
    )
  })

const unchanged: Readonly<Record<string, string>> = {
  types: "import type { A } from './b.ts'\nexport type C = A extends 1 ? true : false\nexport interface D { e: 2 }",
  'a type beside a value': 'export const a: 1 = b as 1',
  'the text of an error': "export const a = new TypeError('a' + (b < 1 ? `c` : 'd'))",
  'texts put together': "export const a = 'b' + c + `d`",
  'a table of names': 'const a: Readonly<Record<string, true>> = { b: true, c: true }',
  comments: '/** 1 < 2 */\nexport const a = b // 3 && 4',
  'the call of the constructor above': 'class A extends B { constructor() { super() } }\nexport { A }',
}

for (const [name, source] of Object.entries(unchanged))
  test(`mutationsOf leaves as it is: ${name}`, () => assert.deepEqual(changesOf(source), []))

test('mutationsOf leaves out the words of a log, but not the line itself', () => {
  assert.deepEqual(changesOf("log.warn('a', { b: 1 })"), ['{}'])
  assert.deepEqual(changesOf("this.#log.warn('a', { b: true })"), ['{}'])
})

test('mutationsOf tells the line and the position of a change, whatever stands before it', () => {
  const source = "// ä 𝄞\nexport const a = '𝄞'\nexport const b = true\n"
  const found = withTree({ 'src/a.ts': source }, directory =>
    readSources(directory, ([file]) => mutationsOf(directory, file!)),
  )
  const start = source.indexOf('true')
  assert.deepEqual(found, [{ file: 'src/a.ts', line: 3, start, reachedAt: start, old: 'true', new: 'false' }])
})
