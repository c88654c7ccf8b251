import { serializeJsonPointer } from '../json/json-pointer.ts'
import type { Expression } from './expression.ts'
import { ExpressionSyntaxError } from './expression-syntax-error.ts'
import type { UrlTemplate, UrlTemplatePart } from './url-template.ts'

/**
 * Writes an expression in the standard form of OpenAPI, without braces. A `shorthand` has none until
 * `resolveShorthand` has found its parameter: for one it throws `ExpressionSyntaxError`.
 *
 * @example
 * ```ts
 * import { parseExpression, serializeExpression } from 'ringback/expression'
 *
 * console.log(serializeExpression(parseExpression('$request.body.lines.0.id'))) // $request.body#/lines/0/id
 * ```
 */
export function serializeExpression(expression: Expression): string {
  if (expression.kind !== 'shorthand') return expressionText(expression)
  const source = expressionText(expression)
  const reason = `"${source}" is shorthand and has no standard form until its parameter is known`
  throw new ExpressionSyntaxError({ source, index: 0, reason })
}

/**
 * Writes a URL template in the standard form of OpenAPI: the key of a callback in a document. Each expression and each
 * plain name stands in braces. Throws `ExpressionSyntaxError` for a `shorthand` that `resolveShorthand` has not replaced.
 *
 * @example
 * ```ts
 * import { parseUrlTemplate, serializeUrlTemplate } from 'ringback/expression'
 *
 * const template = parseUrlTemplate('{$request.query.callback_url}/invoices/{$request.body.id}')
 * console.log(serializeUrlTemplate(template)) // {$request.query.callback_url}/invoices/{$request.body#/id}
 * ```
 */
export function serializeUrlTemplate(template: UrlTemplate): string {
  return template.parts
    .map(part => {
      if (part.kind === 'literal') return part.text
      return part.kind === 'name' ? `{${part.name}}` : `{${serializeExpression(part)}}`
    })
    .join('')
}

/** How a part with a value is written in messages. */
export function partText(part: Exclude<UrlTemplatePart, { kind: 'literal' }>): string {
  return part.kind === 'name' ? part.name : expressionText(part)
}

/** How an expression is written, a `shorthand` too: for messages. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'url':
      return '$url'
    case 'method':
      return '$method'
    case 'status-code':
      return '$statusCode'
    case 'query':
    case 'path':
      return `$request.${expression.kind}.${escapeName(expression.name)}`
    case 'header':
      return `$${expression.message}.header.${expression.name}`
    case 'body': {
      const pointer = serializeJsonPointer(expression.pointer)
      return `$${expression.message}.body${pointer === '' ? '' : `#${pointer}`}`
    }
    case 'shorthand':
      return `$${expression.name}`
  }
}

/** RFC 7159 `char`; braces, and a space at the end, can stand in an expression only in their escaped form. */
function escapeName(name: string): string {
  const text = JSON.stringify(name).slice(1, -1)
  return text.replaceAll(/[{}]| $/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)
}
