/** A fenced example of a doc comment or of a Markdown page that imports something, and so can be compiled. */
export interface Example {
  /** Where it stands, relative to the repository. */
  readonly file: string
  /** The line of its first line of code, counted from 1. */
  readonly line: number
  readonly code: string
  /** The file name on its first line (`// app.ts`), under which other examples of the same page import it. */
  readonly name: string | undefined
  /** Whether its fence says `ts run`: it is executed as well. */
  readonly runs: boolean
}

const opening = /^```ts( run)?$/

/** The examples of a file: in Markdown every fence marked `ts`, in TypeScript those inside of doc comments. */
export function examplesOf(file: string, text: string): Example[] {
  const margin = file.endsWith('.md') ? /^/ : /^\s*\* ?/
  const examples: Example[] = []
  let open: { line: number; runs: boolean; code: string[] } | undefined
  for (const [index, whole] of text.split('\n').entries()) {
    if (!margin.test(whole)) continue
    const line = whole.replace(margin, '')
    const fence = opening.exec(line.trim())
    if (open === undefined && fence !== null) open = { line: index + 2, runs: fence[1] !== undefined, code: [] }
    else if (open !== undefined && line.trim() === '```') {
      examples.push(exampleOf(file, open))
      open = undefined
    } else open?.code.push(line)
  }
  return examples.filter(({ code }) => /^\s*import\b/m.test(code))
}

function exampleOf(file: string, { line, runs, code }: { line: number; runs: boolean; code: string[] }): Example {
  const name = /^\/\/ ([\w-]+\.ts)$/.exec(code[0]?.trim() ?? '')?.[1]
  return { file, line, runs, name, code: `${code.join('\n')}\n` }
}
