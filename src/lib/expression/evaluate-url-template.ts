import { memoize } from '../memoize.ts'
import { evaluateExpression } from './evaluate-expression.ts'
import type { Exchange } from './exchange.ts'
import { partText } from './serialize.ts'
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
 * appended to its path with one slash between, the base's own query stays after it, and text after a literal `?` is
 * added to that query. A value in the path is one percent-encoded segment or a part of one, after `?` a query value; so
 * none can change scheme, host, port or the segments around it.
 *
 * `names` are the values of the template's plain names, which only the sender knows; in the path they are encoded as any
 * other. A value that is absent or null makes the URL `missing`. Invalid are a base that is not an absolute http or https URL
 * or has a fragment, and a value that is empty, `.`, `..`, an array, an object or ill-formed UTF-16. Never throws.
 *
 * @example
 * ```ts
 * import { evaluateUrlTemplate, parseUrlTemplate } from 'ringback/expression'
 *
 * const template = parseUrlTemplate('{$request.query.callback_url}/invoices/{$request.body#/id}')
 * const query = { callback_url: 'https://external.example/hook?token=a' }
 * const request = { params: {}, query, headers: {}, body: { id: '7/8' } }
 * console.log(evaluateUrlTemplate(template, { url: 'https://api.example/invoices/', method: 'POST', request }))
 * // { base: 'https://external.example/hook?token=a', url: 'https://external.example/hook/invoices/7%2F8?token=a' }
 * ```
 */
export function evaluateUrlTemplate(template: UrlTemplate, exchange: Exchange, names: NamedValues = {}): EvaluatedUrl {
  const { parts } = template
  const values: string[] = []
  let fault: EvaluatedUrl | undefined
  for (const part of parts) {
    if (part.kind === 'literal') values.push(part.text)
    else {
      const value = valueIn(part, exchange, names)
      if (value === undefined || value === null) return { missing: partText(part) }
      const invalid = faultOf(value, part === parts[0])
      if (invalid === undefined) values.push(String(value))
      else fault ??= { invalid, expression: partText(part) }
    }
  }
  return fault ?? compose(parts, values)
}

type NamedValues = Readonly<Record<string, unknown>>
type Valued = Exclude<UrlTemplatePart, { kind: 'literal' }>

function valueIn(part: Valued, exchange: Exchange, names: NamedValues): unknown {
  if (part.kind !== 'name') return evaluateExpression(part, exchange)
  return Object.hasOwn(names, part.name) ? names[part.name] : undefined
}

function faultOf(value: {}, isBase: boolean): string | undefined {
  const isScalar = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  if (!isScalar) return 'Must be text, a number or a boolean'
  const text = String(value)
  if (text === '') return 'Must not be empty'
  if (!text.isWellFormed()) return 'Must be well-formed Unicode text'
  if (isBase) return baseOf(text).invalid
  return text === '.' || text === '..' ? 'Must not be "." or ".."' : undefined
}

/** A base URL taken apart. */
interface Base {
  readonly invalid?: string
  readonly href: string
  /** Scheme, user info, host and port. */
  readonly beforePath: string
  readonly path: string
  readonly search: string
}

const noBase: Base = { href: '', beforePath: '', path: '', search: '' }

/** Receivers are fewer than what they are sent: their base URLs repeat. */
const baseOf = memoize(1_000, parseBase)

function parseBase(text: string): Base {
  // The URL parser would take tabs and line breaks out, and mend missing slashes: such a text is no URL by itself
  const isAbsolute = /^https?:\/\/[^/\\?#]/i.test(text) && !/\p{Cc}/u.test(text)
  const url = isAbsolute ? URL.parse(text) : null
  if (url === null) return { ...noBase, invalid: 'Must be an absolute http or https URL' }
  if (text.includes('#')) return { ...noBase, invalid: 'Must be a URL without a fragment' }
  const { pathname: path, search } = url
  // The parser's text keeps the "?" of an empty query, which says nothing
  const href = search === '' && url.href.endsWith('?') ? url.href.slice(0, -1) : url.href
  return { href, beforePath: href.slice(0, href.length - search.length - path.length), path, search }
}

function compose(parts: readonly UrlTemplatePart[], values: readonly string[]): EvaluatedUrl {
  const [beginning = ''] = values
  const [baseText, rest] = parts.length === 1 || parts[0]?.kind !== 'literal' ? [beginning, ''] : splitBase(beginning)
  let text = rest
  // Encoded values hold no "/" and no "?", so that this text has the structure of the literal parts
  for (let place = 1; place < values.length; place += 1)
    text += parts[place]?.kind === 'literal' ? values[place] : encodeURIComponent(values[place]!)
  const base = baseOf(baseText)
  return { base: base.href, url: append(base, text) }
}

/** A literal base ends with its last whole segment: `https://a.example/b/c-{$id}` stands on `https://a.example/b/`. */
function splitBase(literal: string): [base: string, rest: string] {
  const query = literal.indexOf('?')
  const end = query >= 0 ? query : literal.lastIndexOf('/') + 1
  return [literal.slice(0, end), literal.slice(end)]
}

function append({ href, beforePath, path, search }: Base, text: string): string {
  if (text === '') return href
  const slash = text.startsWith('/') ? '' : '/'
  if (isPlainPath(text)) return beforePath + withoutLastSlashes(path) + slash + text + search
  const url = new URL(href)
  const mark = text.indexOf('?')
  const following = mark < 0 ? text : text.slice(0, mark)
  if (following !== '') url.pathname = withoutLastSlashes(path) + `/${following}`.replaceAll(/\/+/g, '/')
  // The setter takes one "?" off, which may be the first character of the query itself
  if (mark >= 0) url.search = `?${[search.slice(1), text.slice(mark + 1)].filter(query => query !== '').join('&')}`
  return url.href
}

/** Letters, digits, `_` and `-` between single slashes: text that the URL parser would leave as it is. */
function isPlainPath(text: string): boolean {
  return /^\/?[\w-]+(?:\/[\w-]+)*\/?$/.test(text)
}

// A loop, since the time of the pattern "slashes at the end" is quadratic for a text that is full of them
function withoutLastSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
