/**
 * One of the two messages that an expression can read.
 *
 * @example
 * ```ts
 * import { type Message, parseExpression } from 'ringback/expression'
 *
 * const of = (message: Message) => parseExpression(`$${message}.body#/id`)
 * console.log(of('response')) // { kind: 'body', message: 'response', pointer: [ 'id' ] }
 * ```
 */
export type Message = 'request' | 'response'

/**
 * A runtime expression as a frozen tree, made by `parseExpression`; one `kind` for each form of OpenAPI 3.1.1,
 * "Runtime Expressions", and `shorthand` for `$name`.
 *
 * `header` names are as written, and compared without regard to case; `pointer` holds the unescaped tokens of the JSON
 * Pointer, none for the whole body.
 *
 * @example
 * ```ts
 * import { type Expression, parseExpression } from 'ringback/expression'
 *
 * const id: Expression = parseExpression('$request.body#/lines/0/id')
 * if (id.kind === 'body') console.log(id.pointer) // [ 'lines', '0', 'id' ]
 * ```
 */
export type Expression =
  | { readonly kind: 'url' }
  | { readonly kind: 'method' }
  | { readonly kind: 'status-code' }
  | { readonly kind: 'query'; readonly name: string }
  | { readonly kind: 'path'; readonly name: string }
  | { readonly kind: 'header'; readonly message: Message; readonly name: string }
  | { readonly kind: 'body'; readonly message: Message; readonly pointer: readonly string[] }
  | { readonly kind: 'shorthand'; readonly name: string }
