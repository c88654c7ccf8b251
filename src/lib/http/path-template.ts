import { DefinitionError } from '../definition/definition-error.ts'
import { refuseForeignSpelling } from './foreign-spelling.ts'
import { type MixedSegment, parseMixedSegment } from './mixed-segment.ts'

/** One segment of a path template: literal text, a name, both, or a name that takes the rest of the path. */
export type PathSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | MixedSegment
  | { readonly kind: 'rest'; readonly name: string }

/** A parsed OpenAPI path template: `/invoices/{invoice_id}`, `/files/{path*}`. */
export interface PathTemplate {
  readonly text: string
  readonly segments: readonly PathSegment[]
  readonly names: readonly string[]
}

const NAME = /^\{([^{}*/]+)(\*?)\}$/

/** Reads a template or throws a `DefinitionError` that says what to write instead. */
export function parsePathTemplate(text: string): PathTemplate {
  if (!text.startsWith('/')) throw new DefinitionError(`The path "${text}" must begin with "/"`)
  refuseForeignSpelling(text)
  if (/[?#]/.test(text))
    throw new DefinitionError(`The path "${text}" must not contain "?" or "#": declare "query" instead`)
  const parts = text.slice(1).split('/')
  const segments = parts.map((part, index) => parseSegment(part, index === parts.length - 1, text))
  const names = segments.flatMap(namesIn)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new DefinitionError(`The path "${text}" has "{${twice}}" twice: rename one of them`)
  return Object.freeze({ text, segments, names })
}

function parseSegment(part: string, last: boolean, text: string): PathSegment {
  if (!/[{}]/.test(part)) return { kind: 'literal', text: part }
  const [, name, star] = NAME.exec(part) ?? []
  if (name === undefined) {
    const mixed = parseMixedSegment(part)
    if (mixed !== undefined) return mixed
    throw new DefinitionError(
      `The path "${text}" has "${part}": a name in braces must be a whole segment or have text between it and the next, such as "{id}" or "{name}.{ext}"`,
    )
  }
  if (star !== '*') return { kind: 'name', name }
  if (!last)
    throw new DefinitionError(
      `The path "${text}" has "${part}" before its end: only the last segment may take the rest`,
    )
  return { kind: 'rest', name }
}

function namesIn(segment: PathSegment): readonly string[] {
  if (segment.kind === 'literal') return []
  return segment.kind === 'mixed' ? segment.names : [segment.name]
}

/** The template without the `*` of its last name: its form in an OpenAPI document. */
export function documentPath(template: PathTemplate): string {
  return template.text.replace(/\*\}$/, '}')
}
