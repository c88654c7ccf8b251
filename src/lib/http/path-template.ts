import { DefinitionError } from '../definition-error.ts'

/** One segment of a path template: literal text, a name, or a name that takes the rest of the path. */
export type PathSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string }

/** An OpenAPI path template read once: `/invoices/{invoice_id}`, `/files/{path*}`. */
export interface PathTemplate {
  readonly text: string
  readonly segments: readonly PathSegment[]
  readonly names: readonly string[]
}

const NAME = /^\{([^{}*/]+)(\*?)\}$/

/** Reads a template or throws a `DefinitionError` that says what to write instead. */
export function parsePathTemplate(text: string): PathTemplate {
  if (!text.startsWith('/')) throw new DefinitionError(`The path "${text}" must begin with "/"`)
  if (/[?#]/.test(text))
    throw new DefinitionError(`The path "${text}" must not hold "?" or "#": declare "query" instead`)
  const parts = text.slice(1).split('/')
  const segments = parts.map((part, index) => parseSegment(part, index === parts.length - 1, text))
  const names = segments.filter(segment => segment.kind !== 'literal').map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new DefinitionError(`The path "${text}" holds "{${twice}}" twice: give one of them another name`)
  return Object.freeze({ text, segments, names })
}

function parseSegment(part: string, last: boolean, text: string): PathSegment {
  if (!/[{}]/.test(part)) return { kind: 'literal', text: part }
  const [, name, star] = NAME.exec(part) ?? []
  if (name === undefined)
    throw new DefinitionError(
      `The path "${text}" has "${part}": a name in braces must be a whole segment, such as "{id}"`,
    )
  if (star !== '*') return { kind: 'name', name }
  if (!last)
    throw new DefinitionError(
      `The path "${text}" has "${part}" before its end: only the last segment may take the rest`,
    )
  return { kind: 'rest', name }
}

/** The template without the `*` of its last name: its form in an OpenAPI document. */
export function documentPath(template: PathTemplate): string {
  return template.text.replace(/\*\}$/, '}')
}

const WEIGHT = { literal: 0, name: 1, rest: 2 } as const

/**
 * Orders templates so that the more concrete one is tried first (OpenAPI 3.1.1, "Path Templating Matching"):
 * a literal segment before a name, a name before the rest.
 */
export function comparePathTemplates(a: PathTemplate, b: PathTemplate): number {
  const length = Math.min(a.segments.length, b.segments.length)
  for (let index = 0; index < length; index++) {
    const difference = WEIGHT[a.segments[index]!.kind] - WEIGHT[b.segments[index]!.kind]
    if (difference !== 0) return difference
  }
  return a.segments.length - b.segments.length
}
