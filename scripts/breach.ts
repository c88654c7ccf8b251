import { relative } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'

/** A place that breaks a rule of this repository. */
export interface Breach {
  /** Relative to the repository. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** A breach at a position of a source file of `directory`. */
export function breachAt(directory: string, file: SourceFile, position: number, text: string): Breach {
  return { file: relative(directory, file.fileName), line: lineOf(file, position), text }
}

/** The line of a position, counted from 1. */
export function lineOf(file: SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1
}

/** Prints every breach as `file:line text` and then a summary. The process fails if there is any breach. */
export function report(rule: string, breaches: readonly Breach[], fine: string): void {
  for (const { file, line, text } of breaches) console.log(`${file}:${line} ${text}`)
  console.log(breaches.length === 0 ? fine : `${rule}: ${breaches.length} broken`)
  if (breaches.length > 0) process.exitCode = 1
}
