import { runTool } from './run-tool.ts'

/** One error as the compiler prints it. */
export interface CompilerMessage {
  /** Relative to the directory in which the compiler ran. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** `error TS2322: …` and the lines of explanation below it, the most precise one last. */
  readonly lines: readonly string[]
}

/** All errors of the project `config`, in the order in which the compiler found them. */
export function compilerMessages(config: string, directory?: string): CompilerMessage[] {
  const { ok, output } = runTool('tsc', ['-p', config, '--pretty', 'false'], directory)
  const messages = parseCompilerMessages(output)
  if (!ok && messages.length === 0) throw new Error(`The compiler failed:\n${output}`)
  return messages
}

/** Reads the output of `tsc --pretty false`. An error without a file has the file `''`. */
export function parseCompilerMessages(output: string): CompilerMessage[] {
  const messages: { file: string; line: number; lines: string[] }[] = []
  for (const text of output.split('\n')) {
    const [, file = '', line = '0', message] = /^(?:(\S.*?)\((\d+),\d+\): )?(error TS\d+: .*)$/.exec(text) ?? []
    if (message !== undefined) messages.push({ file, line: Number(line), lines: [message] })
    else if (text.startsWith('  ')) messages.at(-1)?.lines.push(text.trim())
  }
  return messages
}
