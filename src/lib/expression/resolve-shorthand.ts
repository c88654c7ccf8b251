import type { Expression } from './expression.ts'
import { expressionText } from './serialize.ts'
import type { UrlTemplate, UrlTemplatePart } from './url-template.ts'

/**
 * The names of an operation's parameters, those that its dependencies contribute included.
 *
 * @example
 * ```ts
 * import type { DeclaredNames } from 'ringback/expression'
 *
 * const declared: DeclaredNames = { params: ['id'], query: ['callback_url'], headers: ['X-Tenant'] }
 * console.log(declared.query) // [ 'callback_url' ]
 * ```
 */
export interface DeclaredNames {
  readonly params: readonly string[]
  readonly query: readonly string[]
  readonly headers: readonly string[]
}

/**
 * What `resolveShorthand` gives: the template without shorthand; or, for the first `expression` (as written) that does
 * not name exactly one parameter, the words of the mistake.
 *
 * @example
 * ```ts
 * import type { ResolvedShorthand } from 'ringback/expression'
 *
 * const show = (resolved: ResolvedShorthand) => ('template' in resolved ? 'fine' : resolved.unresolved)
 * console.log(show({ unresolved: 'No path, query or header parameter "x"; declared: none', expression: '$x' }))
 * ```
 */
export type ResolvedShorthand =
  | { readonly template: UrlTemplate }
  | { readonly unresolved: string; readonly expression: string }

/**
 * Replaces each `$name` of a template by the query, path or header parameter of that name among those that an operation
 * declares. Header names are compared without regard to case; cookies are never meant.
 *
 * @example
 * ```ts
 * import { parseUrlTemplate, resolveShorthand, serializeUrlTemplate } from 'ringback/expression'
 *
 * const declared = { params: [], query: ['callback_url'], headers: [] }
 * const resolved = resolveShorthand(parseUrlTemplate('{$callback_url}/invoices'), declared)
 * if ('template' in resolved) console.log(serializeUrlTemplate(resolved.template))
 * // {$request.query.callback_url}/invoices
 * ```
 */
export function resolveShorthand(template: UrlTemplate, declared: DeclaredNames): ResolvedShorthand {
  const parts: UrlTemplatePart[] = []
  for (const part of template.parts) {
    if (part.kind !== 'shorthand') {
      parts.push(part)
      continue
    }
    const [only, ...others] = parametersNamed(part.name, declared)
    if (only === undefined || others.length > 0) {
      const unresolved =
        only === undefined ? unknownName(part.name, declared) : ambiguousName(part.name, [only, ...others])
      return { unresolved, expression: expressionText(part) }
    }
    parts.push(only)
  }
  return { template: Object.freeze({ kind: 'url-template', parts: Object.freeze(parts) }) }
}

function parametersNamed(name: string, { params, query, headers }: DeclaredNames): Expression[] {
  const found: Expression[] = []
  if (query.includes(name)) found.push(Object.freeze({ kind: 'query', name }))
  if (params.includes(name)) found.push(Object.freeze({ kind: 'path', name }))
  const header = headers.find(declared => declared.toLowerCase() === name.toLowerCase())
  if (header !== undefined) found.push(Object.freeze({ kind: 'header', message: 'request', name: header }))
  return found
}

function unknownName(name: string, { params, query, headers }: DeclaredNames): string {
  const names = [...new Set([...params, ...query, ...headers])].sort().map(declared => `"${declared}"`)
  return `No path, query or header parameter "${name}"; declared: ${names.join(', ') || 'none'}`
}

function ambiguousName(name: string, found: readonly Expression[]): string {
  return `"$${name}" is declared more than once; write ${found.map(expressionText).join(' or ')}`
}
