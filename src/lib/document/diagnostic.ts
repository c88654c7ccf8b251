import type { DiagnosticCode } from './diagnostic-codes.ts'
import type { SourceRange } from './source/source-node.ts'

/** Something that a document gets wrong, with its place. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly range: SourceRange
  /** What is wrong: one sentence without a full stop. */
  readonly message: string
  /** What to do about it, in the same form. */
  readonly remedy: string
  /** What stands there once it is mended, where that is known. */
  readonly correction?: Correction | undefined
}

/** The corrected text of a key. */
export interface Correction {
  /** As it reads. */
  readonly text: string
  /** What is written in place of a range of the file. Without it, nothing is written: the text is only likely. */
  readonly edit?: SourceEdit | undefined
}

/** A replacement within one file. */
export interface SourceEdit {
  readonly range: SourceRange
  readonly text: string
}

/** Where diagnostics go. */
export type Report = (diagnostic: Diagnostic) => void
