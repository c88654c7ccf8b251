import type { Expression } from './expression.ts'
import { ExpressionSyntaxError } from './expression-syntax-error.ts'
import { type Fail, scanExpression } from './scan-expression.ts'
import { type ScannedPart, scanUrlTemplate } from './scan-url-template.ts'
import { suggestExpression, suggestUrlTemplate } from './suggest.ts'
import type { UrlTemplate, UrlTemplatePart } from './url-template.ts'

/**
 * How a text is read.
 *
 * @example
 * ```ts
 * import { type ExpressionOptions, parseExpression } from 'ringback/expression'
 *
 * const shorthand: ExpressionOptions = { standard: false }
 * console.log(parseExpression('$request.body.lines.0', shorthand))
 * ```
 */
export interface ExpressionOptions {
  /** Refuses the shorthand forms `$name` and `$request.body.a.b`, as other tools do. Default: `false`. */
  readonly standard?: boolean
}

/**
 * How a URL template is read.
 *
 * @example
 * ```ts
 * import { parseUrlTemplate, type UrlTemplateOptions } from 'ringback/expression'
 *
 * const options: UrlTemplateOptions = { names: ['item_id'] }
 * console.log(parseUrlTemplate('{$callback_url}/items/{item_id}', options).parts[2]) // { kind: 'name', name: 'item_id' }
 * ```
 */
export interface UrlTemplateOptions extends ExpressionOptions {
  /**
   * The plain names, such as `{item_id}`, that may stand in the path: only the sender knows their values, and
   * `evaluateUrlTemplate` takes them. Default: none.
   */
  readonly names?: readonly string[]
}

/**
 * Reads one runtime expression without braces, as OpenAPI 3.1.1, "Runtime Expressions", defines them: `$url`, `$method`,
 * `$statusCode`, `$request.` with `header.`, `query.`, `path.` or `body`, `$response.` with `header.` or `body`. Unless
 * `standard`, also the shorthand `$name` (the one parameter of that name) and `$request.body.a.b` (for `#/a/b`).
 *
 * The tree is frozen. Throws `ExpressionSyntaxError`.
 *
 * @example
 * ```ts
 * import { parseExpression } from 'ringback/expression'
 *
 * console.log(parseExpression('$request.body#/customer/e~1mail'))
 * // { kind: 'body', message: 'request', pointer: [ 'customer', 'e/mail' ] }
 * ```
 */
export function parseExpression(text: string, { standard = false }: ExpressionOptions = {}): Expression {
  const fail = failing(text, source => suggestExpression(source, standard))
  const brace = text.search(/[{}]/)
  if (brace >= 0) return fail(brace, 'An expression on its own has no braces')
  if (!text.startsWith('$')) return fail(0, `"${text}" is not a runtime expression: it must begin with "$"`)
  return scanExpression(text, standard, fail)
}

/**
 * Reads a URL with runtime expressions in braces, or one bare expression. It begins with an expression, whose value is
 * the base URL, or with an absolute http or https URL; no expression may stand in the scheme, host or port. A plain name
 * in braces may stand in the path if `names` lists it.
 *
 * The tree is frozen. Throws `ExpressionSyntaxError`, with a suggestion for a missing `$` and for braces that do not
 * match.
 *
 * @example
 * ```ts
 * import { parseUrlTemplate } from 'ringback/expression'
 *
 * const template = parseUrlTemplate('{$request.query.callback_url}/invoices/{$request.body#/id}')
 * console.log(template.parts[1]) // { kind: 'literal', text: '/invoices/' }
 * ```
 */
export function parseUrlTemplate(text: string, options: UrlTemplateOptions = {}): UrlTemplate {
  const plain = scan(text, options).map((part): UrlTemplatePart => {
    if (part.kind === 'expression') return part.expression
    return Object.freeze(
      part.kind === 'name' ? { kind: 'name', name: part.text } : { kind: 'literal', text: part.text },
    )
  })
  return Object.freeze({ kind: 'url-template', parts: Object.freeze(plain) })
}

/**
 * An expression as it stands in the text of a URL template: `text` without braces, at `index` (UTF-16 code units).
 *
 * @example
 * ```ts
 * import { type LocatedExpression, locateExpressions } from 'ringback/expression'
 *
 * const located: LocatedExpression[] = locateExpressions('{$url}/{$method}')
 * console.log(located[1]?.index) // 8
 * ```
 */
export interface LocatedExpression {
  readonly expression: Expression
  readonly text: string
  readonly index: number
}

/**
 * Lists the expressions of a URL template with their places in its text, for messages that point at one of them (see
 * `caret`). Throws `ExpressionSyntaxError`, as `parseUrlTemplate` does.
 *
 * @example
 * ```ts
 * import { caret, locateExpressions } from 'ringback/expression'
 *
 * const source = '{$callback_url}/invoices/{$request.body.id}'
 * for (const { text, index } of locateExpressions(source)) console.log(`${text}\n${caret(source, index)}`)
 * ```
 */
export function locateExpressions(text: string, options: UrlTemplateOptions = {}): LocatedExpression[] {
  return scan(text, options).flatMap(part =>
    part.kind === 'expression' ? { expression: part.expression, text: part.text, index: part.index } : [],
  )
}

function scan(text: string, { standard = false, names = [] }: UrlTemplateOptions): ScannedPart[] {
  const suggest = (source: string) => suggestUrlTemplate(source, { standard, names })
  return scanUrlTemplate(text, { standard, names }, failing(text, suggest))
}

function failing(source: string, suggest: (source: string) => string | undefined): Fail {
  return (index, reason) => {
    throw new ExpressionSyntaxError({ source, index, reason, suggestion: suggest(source) })
  }
}
