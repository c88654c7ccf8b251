import { RingbackError } from '../error.ts'
import { caret } from './caret.ts'

/**
 * What an `ExpressionSyntaxError` is made of: the text, the place in it (UTF-16 code units), why it is refused, and the
 * whole text as it was probably meant.
 *
 * @example
 * ```ts
 * import { ExpressionSyntaxError, type ExpressionSyntaxErrorDetails } from 'ringback/expression'
 *
 * const details: ExpressionSyntaxErrorDetails = { source: '{$a', index: 0, reason: '"{" is never closed' }
 * console.log(new ExpressionSyntaxError(details).message.split('\n')) // [ '"{" is never closed', '{$a', '^' ]
 * ```
 */
export interface ExpressionSyntaxErrorDetails {
  readonly source: string
  readonly index: number
  readonly reason: string
  readonly suggestion?: string | undefined
}

/**
 * Thrown for a text that is not a runtime expression or URL template. Its code is `ERR_EXPRESSION_SYNTAX`; its message
 * says what is wrong, how to mend it, and shows the place with a caret.
 *
 * `reason` is the first sentence of the message alone, `index` counts UTF-16 code units of `source`, `suggestion` is the
 * whole text as it was probably meant, where that is known.
 *
 * @example
 * ```ts
 * import { ExpressionSyntaxError, parseUrlTemplate } from 'ringback/expression'
 *
 * try {
 *   parseUrlTemplate('{request.body#/callbackUrl}')
 * } catch (error) {
 *   if (!(error instanceof ExpressionSyntaxError)) throw error
 *   console.log(error.index) // 1
 *   console.log(error.suggestion) // {$request.body#/callbackUrl}
 *   console.log(error.message)
 * }
 * ```
 */
export class ExpressionSyntaxError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_EXPRESSION_SYNTAX'
  declare readonly code: typeof ExpressionSyntaxError.code

  readonly source: string
  readonly index: number
  readonly reason: string
  readonly suggestion: string | undefined

  constructor({ source, index, reason, suggestion }: ExpressionSyntaxErrorDetails) {
    const remedy = suggestion === undefined ? '' : `; write "${suggestion}"`
    super(ExpressionSyntaxError.code, `${reason}${remedy}\n${caret(source, index)}`)
    this.source = source
    this.index = index
    this.reason = reason
    this.suggestion = suggestion
  }
}
