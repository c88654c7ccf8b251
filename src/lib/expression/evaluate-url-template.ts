import { evaluateExpression } from './evaluate-expression.ts'
import type { Exchange } from './exchange.ts'
import { expressionText } from './serialize.ts'
import type { UrlTemplate, UrlTemplatePart } from './url-template.ts'

/**
 * What `evaluateUrlTemplate` gives: the URL; or the first expression without a value; or why there can be no URL.
 *
 * `base` is the base URL that stood at the beginning (the whole URL where none did), serialised by the WHATWG URL
 * Standard. `invalid` is a sentence without the value, fit for the detail of a 422; `expression` is the one at fault.
 *
 * @example
 * ```ts
 * import type { EvaluatedUrl } from 'ringback/expression'
 *
 * function show(evaluated: EvaluatedUrl): string {
 *   if ('url' in evaluated) return evaluated.url
 *   return 'missing' in evaluated ? `no ${evaluated.missing}` : evaluated.invalid
 * }
 * console.log(show({ missing: '$request.query.callback_url' })) // no $request.query.callback_url
 * ```
 */
export type EvaluatedUrl =
  | { readonly url: string; readonly base: string }
  | { readonly missing: string }
  | { readonly invalid: string; readonly expression?: string }

/**
 * Composes the URL of a template for one exchange, on the parsed base URL and not on its text: what follows the base is
 * appended to its path with one slash between, the base's own query stays behind it, and text after a literal `?` is
 * added to that query. A value in the path is one percent-encoded segment or a part of one, after `?` a query value; so
 * none can change scheme, host, port or the segments around it.
 *
 * A value that is absent or null makes the URL `missing`. Invalid are a base that is no absolute http or https URL or
 * has a fragment, and a value that is empty, `.`, `..`, an array, an object or ill-formed UTF-16. Never throws.
 *
 * @example
 * ```ts
 * import { evaluateUrlTemplate, parseUrlTemplate } from 'ringback/expression'
 *
 * const template = parseUrlTemplate('{$request.query.callback_url}/invoices/{$request.body#/id}')
 * const query = { callback_url: 'https://external.example/hook?token=a' }
 * const request = { params: {}, query, headers: {}, body: { id: '7/8' } }
 * console.log(evaluateUrlTemplate(template, { url: 'https://api.example/invoices/', method: 'POST', request }))
 * // { url: 'https://external.example/hook/invoices/7%2F8?token=a', base: 'https://external.example/hook?token=a' }
 * ```
 */
export function evaluateUrlTemplate(template: UrlTemplate, exchange: Exchange): EvaluatedUrl {
  const { parts } = template
  const values = parts.map(part => (part.kind === 'literal' ? part.text : evaluateExpression(part, exchange)))
  const faults = parts.map((part, place) => (part.kind === 'literal' ? undefined : faultOf(values[place], place === 0)))
  const missing = parts.find((_, place) => faults[place] === absent)
  if (missing !== undefined) return { missing: textOf(missing) }
  const faulty = faults.findIndex(fault => fault !== undefined)
  if (faulty >= 0) return { invalid: faults[faulty]!, expression: textOf(parts[faulty]!) }
  return compose(parts, values.map(String))
}

const textOf = (part: UrlTemplatePart) => (part.kind === 'literal' ? part.text : expressionText(part))
const absent = 'Is required'

function faultOf(value: unknown, isBase: boolean): string | undefined {
  if (value === undefined || value === null) return absent
  const isScalar = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  if (!isScalar) return 'Must be text, a number or a boolean'
  const text = String(value)
  if (text === '') return 'Must not be empty'
  if (!text.isWellFormed()) return 'Must be well-formed Unicode text'
  if (isBase) return faultOfBase(text)
  return text === '.' || text === '..' ? 'Must not be "." or ".."' : undefined
}

function faultOfBase(text: string): string | undefined {
  // The URL parser would take tabs and line breaks out, and mend missing slashes: such a text is no URL by itself
  const isAbsolute = /^https?:\/\/[^/\\?#]/i.test(text) && !/\p{Cc}/u.test(text) && URL.canParse(text)
  if (!isAbsolute) return 'Must be an absolute http or https URL'
  return text.includes('#') ? 'Must be a URL without a fragment' : undefined
}

function compose(parts: readonly UrlTemplatePart[], values: readonly string[]): EvaluatedUrl {
  const [beginning = '', ...following] = values
  const [base, rest] = parts.length === 1 || parts[0]?.kind !== 'literal' ? [beginning, ''] : splitBase(beginning)
  const url = new URL(base)
  const serializedBase = url.href
  // Encoded values hold no "/" and no "?", so that this text has the structure of the literal parts
  const encoded = following.map((value, place) =>
    parts[place + 1]?.kind === 'literal' ? value : encodeURIComponent(value),
  )
  append(url, rest + encoded.join(''))
  return { url: url.href, base: serializedBase }
}

/** A literal base ends with its last whole segment: `https://a.example/b/c-{$id}` stands on `https://a.example/b/`. */
function splitBase(literal: string): [base: string, rest: string] {
  const query = literal.indexOf('?')
  const end = query >= 0 ? query : literal.lastIndexOf('/') + 1
  return [literal.slice(0, end), literal.slice(end)]
}

function append(url: URL, text: string): void {
  const mark = text.indexOf('?')
  const path = mark < 0 ? text : text.slice(0, mark)
  if (path !== '') url.pathname = withoutLastSlashes(url.pathname) + `/${path}`.replaceAll(/\/+/g, '/')
  if (mark >= 0) url.search = [url.search.slice(1), text.slice(mark + 1)].filter(query => query !== '').join('&')
}

// A loop, since the time of the pattern "slashes at the end" is quadratic for a text that is full of them
function withoutLastSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
