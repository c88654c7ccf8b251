/** A fenced example in a doc comment or a Markdown page that contains an import, so that it can be compiled. */
export interface Example {
  /** Its file, relative to the repository. */
  readonly file: string
  /** The line of its first line of code, counted from 1. */
  readonly line: number
  readonly code: string
  /** The file name on its first line (`// app.ts`), under which other examples of the same page import it. */
  readonly name: string | undefined
  /** Whether it is run as well. An example that needs a network or never ends has the fence `ts no-run`. */
  readonly runs: boolean
}

const opening = /^```ts( no-run)?$/

/** The examples of a file: in Markdown every fence marked `ts`, in TypeScript those inside of doc comments. */
export function examplesOf(file: string, text: string): Example[] {
  const margin = file.endsWith('.md') ? /^/ : /^\s*\* ?/
  const examples: Example[] = []
  let open: { line: number; runs: boolean; code: string[] } | undefined
  for (const [index, whole] of text.split('\n').entries()) {
    if (!margin.test(whole)) continue
    const line = whole.replace(margin, '')
    const fence = opening.exec(line.trim())
    if (open === undefined && fence !== null) open = { line: index + 2, runs: fence[1] === undefined, code: [] }
    else if (open !== undefined && line.trim() === '```') {
      examples.push(exampleOf(file, open))
      open = undefined
    } else open?.code.push(line)
  }
  // What a page of the guide quotes is a program of its own, which the tests run.
  return examples.filter(({ code }) => /^\s*import\b/m.test(code) && !code.startsWith('// examples/'))
}

function exampleOf(file: string, { line, runs, code }: { line: number; runs: boolean; code: string[] }): Example {
  const name = /^\/\/ ([\w-]+\.ts)$/.exec(code[0]?.trim() ?? '')?.[1]
  return { file, line, runs, name, code: `${code.join('\n')}\n` }
}

/** The output that the comments of an example announce: after a `console.log`, or on the lines below it. */
export function announcedOutput(code: string): string[] {
  const lines = code.split('\n')
  return lines.flatMap((line, index) => {
    if (!line.includes('console.log(')) return []
    const behind = /\) \/\/ (.+)$/.exec(line)?.[1]
    if (behind !== undefined) return [behind]
    const below = lines.slice(index + 1)
    const end = below.findIndex(next => !/^\s*\/\/ /.test(next))
    return below.slice(0, end === -1 ? below.length : end).map(next => next.replace(/^\s*\/\/ /, ''))
  })
}

/**
 * The first announced text that is not in the output after the texts before it; spacing does not matter. A text that
 * ends with "…" may continue in any way.
 */
export function missingOutput(announced: readonly string[], output: string): string | undefined {
  let rest = spaced(output)
  return announced.find(text => {
    const part = text.endsWith('…') ? spaced(text).slice(0, -2) : spaced(text)
    const start = rest.indexOf(part)
    if (start !== -1) rest = rest.slice(start + part.length - 1)
    return start === -1
  })
}

const spaced = (text: string): string => ` ${text.replaceAll(/\s+/g, ' ').trim()} `
