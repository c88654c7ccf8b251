import type { Expression } from './expression.ts'

/**
 * A URL with runtime expressions in it as a frozen tree, made by `parseUrlTemplate`: literal text, expressions and plain
 * names in the order of the source. It begins with an expression or with an absolute http or https URL.
 *
 * @example
 * ```ts
 * import { parseUrlTemplate, type UrlTemplate } from 'ringback/expression'
 *
 * const template: UrlTemplate = parseUrlTemplate('{$request.query.callback_url}/invoices/{$request.body#/id}')
 * console.log(template.parts.map(part => part.kind)) // [ 'query', 'literal', 'body' ]
 * ```
 */
export interface UrlTemplate {
  readonly kind: 'url-template'
  readonly parts: readonly UrlTemplatePart[]
}

/**
 * One part of a `UrlTemplate`: text that stands for itself, a plain name such as `{item_id}` whose value only the sender
 * knows, or an expression.
 *
 * @example
 * ```ts
 * import { parseUrlTemplate, type UrlTemplatePart } from 'ringback/expression'
 *
 * const isLiteral = (part: UrlTemplatePart) => part.kind === 'literal'
 * console.log(parseUrlTemplate('{$url}/done').parts.filter(isLiteral)) // [ { kind: 'literal', text: '/done' } ]
 * ```
 */
export type UrlTemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | Expression

/** Whether a part is an expression, neither literal text nor a plain name. */
export const isExpression = (part: UrlTemplatePart): part is Expression =>
  part.kind !== 'literal' && part.kind !== 'name'
