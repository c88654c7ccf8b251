import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Breach, report } from './breach.ts'
import { type CompilerMessage, compilerMessages } from './compiler-messages.ts'
import { root } from './root.ts'

const folder = 'test/types'
const marker = /\/\/ error: (.+)$/

/** An error that a program announces: its line, and a part of the last line of the compiler's message. */
interface ExpectedError {
  readonly file: string
  readonly line: number
  readonly words: string
}

/** The errors announced in a program: `// error: words` at the end of the line, or on lines of its own just above. */
export function expectedErrors(file: string, text: string): ExpectedError[] {
  const waiting: string[] = []
  return text.split('\n').flatMap((line, index) => {
    const words = marker.exec(line)?.[1]?.trim()
    if (words !== undefined) waiting.push(words)
    if (/^\s*(\/\/|$)/.test(line)) return []
    return waiting.splice(0).map(expected => ({ file, line: index + 1, words: expected }))
  })
}

/** The differences between the compiler's errors and those that the programs announce. */
export function typeBreaches(expected: readonly ExpectedError[], messages: readonly CompilerMessage[]): Breach[] {
  const unmet = [...expected]
  const unexpected = messages.filter(({ file, line, lines }) => {
    const met = unmet.findIndex(one => one.file === file && one.line === line && lines.at(-1)?.includes(one.words))
    if (met !== -1) unmet.splice(met, 1)
    return met === -1
  })
  return [
    ...unmet.map(({ file, line, words }) => ({ file, line, text: `no error whose last line contains: ${words}` })),
    ...unexpected.map(({ file, line, lines }) => ({ file, line, text: `not announced: ${lines.join('\n    ')}` })),
  ]
}

function check(): void {
  const directory = join(root, folder)
  const names = existsSync(directory) ? readdirSync(directory).filter(name => name.endsWith('.ts')) : []
  const expected = names.flatMap(name =>
    expectedErrors(`${folder}/${name}`, readFileSync(join(directory, name), 'utf8')),
  )
  const nothing: Breach[] = expected.length === 0 ? [{ file: folder, line: 1, text: 'announces no error at all' }] : []
  const breaches = names.length === 0 ? [] : typeBreaches(expected, compilerMessages(folder))
  report(
    'The type tests',
    [...nothing, ...breaches],
    `${expected.length} errors as announced, in ${names.length} programs`,
  )
}

if (import.meta.main) check()
