import type { Expression } from '../../../expression/expression.ts'
import type { DiagnosticCode } from '../../diagnostic-codes.ts'

/** Something wrong with the key of a callback. */
export interface KeyFault {
  readonly code: DiagnosticCode
  /** What is wrong: one sentence without a full stop. */
  readonly message: string
  /** What to do, where there is no corrected text. */
  readonly remedy?: string | undefined
}

/** A text with what was wrong with it: `text` is mended as far as that is certain. */
export interface Mended {
  readonly text: string
  readonly faults: readonly KeyFault[]
}

/** An expression that names nothing, or what cannot be used there. */
export interface Misnamed {
  readonly fault: KeyFault
  /** The expression that was certainly meant, and the text that then follows it outside of the braces. */
  readonly meant?: { readonly expression: Expression; readonly following?: string } | undefined
}
