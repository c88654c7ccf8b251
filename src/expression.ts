export { caret } from './lib/expression/caret.ts'
export { evaluateExpression } from './lib/expression/evaluate-expression.ts'
export { type EvaluatedUrl, evaluateUrlTemplate } from './lib/expression/evaluate-url-template.ts'
export type { Exchange } from './lib/expression/exchange.ts'
export type { Expression, Message } from './lib/expression/expression.ts'
export { ExpressionSyntaxError, type ExpressionSyntaxErrorDetails } from './lib/expression/expression-syntax-error.ts'
export {
  type ExpressionOptions,
  type LocatedExpression,
  locateExpressions,
  parseExpression,
  parseUrlTemplate,
  type UrlTemplateOptions,
} from './lib/expression/parse.ts'
export { type DeclaredNames, type ResolvedShorthand, resolveShorthand } from './lib/expression/resolve-shorthand.ts'
export { serializeExpression, serializeUrlTemplate } from './lib/expression/serialize.ts'
export type { UrlTemplate, UrlTemplatePart } from './lib/expression/url-template.ts'
