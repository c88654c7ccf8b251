import type { Expression } from './expression.ts'
import { type Fail, scanExpression } from './scan-expression.ts'

/** A part of a URL template with its index in the source. */
export type ScannedPart =
  | { readonly kind: 'literal'; readonly index: number; readonly text: string }
  | { readonly kind: 'name'; readonly index: number; readonly text: string }
  | { readonly kind: 'expression'; readonly index: number; readonly text: string; readonly expression: Expression }

/** What a URL template may hold beside the standard forms. */
export interface UrlTemplateRules {
  /** Shorthand is refused. */
  readonly standard: boolean
  /** The plain names that may stand in the path. */
  readonly names: readonly string[]
}

/** Reads a URL template by the grammar; what the parts are together (an absolute URL) is checked as far as it can be. */
export function scanUrlTemplate(source: string, rules: UrlTemplateRules, fail: Fail): ScannedPart[] {
  const parts = source.startsWith('$') ? [scanBare(source, rules.standard, fail)] : scanParts(source, rules, fail)
  for (const part of parts) if (part.kind === 'literal') checkLiteral(part, fail)
  checkBeginning(source, parts, fail)
  checkSegments(parts, fail)
  checkQuery(parts, fail)
  checkNames(parts, fail)
  return parts
}

function scanBare(source: string, standard: boolean, fail: Fail): ScannedPart {
  const brace = source.search(/[{}]/)
  if (brace >= 0) return fail(brace, 'An expression that is not the whole text must be in braces')
  return { kind: 'expression', index: 0, text: source, expression: scanExpression(source, standard, fail) }
}

function scanParts(source: string, rules: UrlTemplateRules, fail: Fail): ScannedPart[] {
  const parts: ScannedPart[] = []
  for (let index = 0; index < source.length; ) {
    const part = source[index] === '{' ? scanEmbedded(source, index, rules, fail) : scanText(source, index, fail)
    parts.push(part)
    index = part.index + part.text.length + (part.kind === 'literal' ? 0 : 1)
  }
  return parts
}

function scanEmbedded(source: string, open: number, { standard, names }: UrlTemplateRules, fail: Fail): ScannedPart {
  const text = source.slice(open + 1).match(/^[^{}]*/)![0]
  const index = open + 1
  if (source[index + text.length] !== '}') return fail(open, `"{" is never closed in "{${text}"`)
  if (names.includes(text)) return { kind: 'name', index, text }
  if (!text.startsWith('$')) return fail(index, notExpression(text))
  const expression = scanExpression(text, standard, (inside, reason) => fail(index + inside, reason))
  return { kind: 'expression', index, text, expression }
}

/** What could be a name is one that only the sender knows, or lacks its "$". */
function notExpression(text: string): string {
  const orDeclared = /^[^.#/ ]+$/.test(text) ? ', or be declared in "params" if only the sender knows its value' : ''
  return `"{${text}}" is not a runtime expression: it must begin with "$"${orDeclared}`
}

function scanText(source: string, index: number, fail: Fail): ScannedPart {
  const text = source.slice(index).match(/^[^{}]*/)![0]
  if (source[index + text.length] === '}') return fail(index + text.length, '"}" has no "{" before it')
  return { kind: 'literal', index, text }
}

/** A value must never decide on scheme, host or port, so a literal base ends its host before the first expression. */
function checkBeginning(source: string, parts: readonly ScannedPart[], fail: Fail): void {
  const [first, second] = parts
  if (first?.kind === 'name')
    fail(first.index, `A URL cannot begin with "{${first.text}}": begin it with an expression or an absolute URL`)
  if (first?.kind === 'expression') {
    if (second?.kind !== 'literal' || !second.text.startsWith(':')) return
    fail(first.index - 1, 'An expression may not be part of the scheme, host or port of a URL')
  }
  const text = first?.text ?? ''
  if (second === undefined) {
    if (!/^https?:\/\/[^/?]/i.test(text) || !URL.canParse(text)) {
      fail(0, `"${source}" is not an absolute http or https URL and contains no runtime expression`)
    }
  } else if (!/^https?:\/\//i.test(text)) {
    fail(0, `"${text}" is not an absolute http or https URL: a URL template must begin with one or with an expression`)
  } else if (!/^https?:\/\/[^/?#]+[/?#]/i.test(text)) {
    fail(second.index - 1, 'An expression may not be part of the scheme, host or port of a URL')
  } else if (!URL.canParse(text)) {
    fail(0, `"${text}" is not an absolute http or https URL: a URL template must begin with one or with an expression`)
  }
}

const badLiterals: readonly (readonly [RegExp, string])[] = [
  [/[\\\s\p{Cc}]/u, 'A URL cannot contain spaces, control characters or backslashes'],
  [/#/, 'A request URL has no fragment: write "#" as "%23"'],
  [/%(?![0-9a-fA-F]{2})/, 'In a URL, "%" must be followed by two hexadecimal digits'],
]

function checkLiteral({ text, index }: ScannedPart, fail: Fail): void {
  for (const [bad, reason] of badLiterals) {
    const at = text.search(bad)
    if (at >= 0) fail(index + at, reason)
  }
  if (!text.isWellFormed()) fail(index, 'A URL must be well-formed UTF-16')
}

/** Finds `/./`, `/../` and their percent-encoded forms, which WHATWG URL would take out of the path. */
function checkSegments(parts: readonly ScannedPart[], fail: Fail): void {
  // An expression stands for a character here: a segment that it shares is none of these.
  const path = parts.map((part, place) => (part.kind === 'literal' ? part.text : place === 0 ? '/' : '*')).join('')
  const [pathOnly = ''] = path.split('?')
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(pathOnly)) {
    const literal = parts.find(({ kind, text }) => kind === 'literal' && /(?:\.|%2e)/i.test(text))
    fail(literal?.index ?? 0, '"." and ".." cannot be path segments of a URL template')
  }
}

/** A base URL may bring a query along or not: text after it begins its own with "?", and "&" would be in the path. */
function checkQuery([base, ...following]: readonly ScannedPart[], fail: Fail): void {
  if (base?.kind !== 'expression') return
  for (const { kind, text, index } of following) {
    if (kind !== 'literal') continue
    if (text.startsWith('&'))
      fail(index, 'A query begins with "?", even after a base URL that already has one: write "?" here')
    if (text.includes('?')) return
  }
}

/** A name stands for a part of the path: OpenAPI describes its value as a path parameter. */
function checkNames(parts: readonly ScannedPart[], fail: Fail): void {
  let inQuery = false
  for (const { kind, text, index } of parts) {
    if (kind === 'name' && inQuery)
      fail(index, `"{${text}}" stands in the query, where only expressions can: declare it in "query" instead`)
    inQuery ||= kind === 'literal' && text.includes('?')
  }
}
