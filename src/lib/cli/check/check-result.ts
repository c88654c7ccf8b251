import type { CheckedDocument } from '../../document/check/check-document.ts'
import type { Fixed } from './fix-document.ts'

/** What became of one of the documents. */
export interface CheckResult {
  /** As the user named it. */
  readonly location: string
  readonly checked?: CheckedDocument
  /** What was written into its files. */
  readonly fixed: readonly Fixed[]
  /** Why it could not be read. */
  readonly unreadable?: string
}
