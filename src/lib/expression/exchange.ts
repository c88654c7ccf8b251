/**
 * What an expression may read: one request, and the response to it once there is one. Everything is as it was sent, before
 * any default or transformation of a schema.
 *
 * Names in `headers` are in lower case. `response` is absent until the handler has returned.
 *
 * @example
 * ```ts
 * import { type Exchange, evaluateExpression, parseExpression } from 'ringback/expression'
 *
 * const exchange: Exchange = {
 *   url: 'https://api.example/invoices/?dry=1',
 *   method: 'POST',
 *   request: { params: {}, query: { dry: '1' }, headers: { 'x-tenant': 'acme' }, body: { id: 7 } },
 * }
 * console.log(evaluateExpression(parseExpression('$request.header.X-Tenant'), exchange)) // acme
 * ```
 */
export interface Exchange {
  readonly url: string
  readonly method: string
  readonly request: {
    readonly params: Readonly<Record<string, unknown>>
    readonly query: Readonly<Record<string, unknown>>
    readonly headers: Readonly<Record<string, unknown>>
    readonly body: unknown
  }
  readonly response?: {
    readonly status: number
    readonly headers: Readonly<Record<string, unknown>>
    readonly body: unknown
  }
}
