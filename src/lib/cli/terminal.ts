import { styleText } from 'node:util'
import { escapeControlsInJson } from '../log/escape-controls.ts'

/** Where a command writes to, as far as it matters for the form of what it writes. */
export interface Terminal {
  /** The width in characters; undefined in a pipe or file, where nothing is cut. */
  readonly columns: number | undefined
  color(color: TerminalColor, text: string): string
}

export type TerminalColor = 'green' | 'red' | 'yellow' | 'cyan' | 'gray' | 'bold'

const usualColumns = 80

/** The terminal that stdout is, or the pipe. Colours obey NO_COLOR and FORCE_COLOR. */
export function currentTerminal(): Terminal {
  const { stdout } = process
  return {
    // A terminal that was told no width says 0.
    columns: stdout.isTTY ? stdout.columns || usualColumns : undefined,
    color: (color, text) => styleText(color, text, { stream: stdout }),
  }
}

export function printLines(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
}

/** For whoever sits in front of it: not part of what a program would read. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** One JSON document for programs; what is not there is null. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(value, (_, member) => (member === undefined ? null : member), 2)
  process.stdout.write(`${escapeControlsInJson(json)}\n`)
}

/** One of many JSON documents, each on a line of its own. */
export function printJsonLine(value: unknown): void {
  const json = JSON.stringify(value, (_, member) => (member === undefined ? null : member))
  process.stdout.write(`${escapeControlsInJson(json)}\n`)
}
