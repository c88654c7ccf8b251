import type { Exchange } from './exchange.ts'
import type { Expression } from './expression.ts'

/**
 * Reads the value that an expression names; its type is kept. `undefined` where there is none: an exchange without a
 * response, a name that was not sent, a pointer into nothing. Only own properties count, and in an array only its
 * indexes (RFC 6901, section 4). Never throws.
 *
 * A `shorthand` that `resolveShorthand` has not replaced reads the first of the query, path and header parameters that
 * was sent under its name.
 *
 * @example
 * ```ts
 * import { evaluateExpression, parseExpression } from 'ringback/expression'
 *
 * const exchange = {
 *   url: 'https://api.example/invoices/',
 *   method: 'POST',
 *   request: { params: {}, query: {}, headers: {}, body: { lines: [{ price: 9.5 }] } },
 * }
 * console.log(evaluateExpression(parseExpression('$request.body#/lines/0/price'), exchange)) // 9.5
 * console.log(evaluateExpression(parseExpression('$request.body#/lines/1/price'), exchange)) // undefined
 * ```
 */
export function evaluateExpression(expression: Expression, exchange: Exchange): unknown {
  switch (expression.kind) {
    case 'url':
    case 'method':
      return exchange[expression.kind]
    case 'status-code':
      return exchange.response?.status
    case 'query':
      return own(exchange.request.query, expression.name)
    case 'path':
      return own(exchange.request.params, expression.name)
    case 'header':
      return own(exchange[expression.message]?.headers, expression.name.toLowerCase())
    case 'body':
      return expression.pointer.reduce(own, exchange[expression.message]?.body)
    case 'shorthand':
      return ownOfFirst(expression.name, exchange.request)
  }
}

function ownOfFirst(name: string, { query, params, headers }: Exchange['request']): unknown {
  return own(query, name) ?? own(params, name) ?? own(headers, name.toLowerCase())
}

/** The value of a JSON object's property or of an array's element: nothing that is inherited, no `length`. */
function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  if (Array.isArray(value)) return /^(?:0|[1-9][0-9]*)$/.test(key) ? value[Number(key)] : undefined
  return Reflect.get(value, key)
}
