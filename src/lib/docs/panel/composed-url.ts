import { evaluateUrlTemplate } from '../../expression/evaluate-url-template.ts'
import type { Exchange } from '../../expression/exchange.ts'
import { partText } from '../../expression/serialize.ts'
import type { UrlTemplate, UrlTemplatePart } from '../../expression/url-template.ts'

/** What values make of a callback's URL. */
export type ComposedUrl =
  | { readonly url: string; readonly base: string }
  | { readonly fault: string; readonly field: string | undefined }

/** One value that the URL needs. */
export interface UrlField {
  /** The expression as it is written, or the plain name. */
  readonly name: string
  /** What people call it. */
  readonly label: string
}

const NOTHING: Exchange = { url: '', method: '', request: { params: {}, query: {}, headers: {}, body: undefined } }

/** A webhook goes to whatever URL its endpoint has. */
const ANY_URL: UrlTemplate = { kind: 'url-template', parts: [{ kind: 'name', name: 'URL' }] }

/** The values that a URL needs, each once. */
export function urlFields({ parts }: UrlTemplate = ANY_URL): UrlField[] {
  const fields = parts.flatMap(part =>
    part.kind === 'literal' ? [] : [{ name: partText(part), label: labelOf(part) }],
  )
  const distinct = fields.filter(({ name }, index) => fields.findIndex(field => field.name === name) === index)
  const isTaken = (label: string) => distinct.filter(field => field.label === label).length > 1
  return distinct.map(({ name, label }) => ({ name, label: isTaken(label) ? name : label }))
}

function labelOf(part: Exclude<UrlTemplatePart, { kind: 'literal' }>): string {
  if ('name' in part) return part.name
  return part.kind === 'body' ? (part.pointer.at(-1) ?? partText(part)) : partText(part)
}

/**
 * Composes the URL of a callback from values that somebody types in place of its expressions, by the rules of any other
 * delivery. `values` has them by the names of `urlFields`.
 */
export function composedUrl(template: UrlTemplate | undefined, values: Readonly<Record<string, string>>): ComposedUrl {
  const made = evaluateUrlTemplate(named(template ?? ANY_URL), NOTHING, values)
  if ('url' in made) return made
  if ('missing' in made) return { fault: 'A value is required', field: made.missing }
  return { fault: made.invalid, field: made.expression }
}

/** The template with a plain name for each expression. */
function named(template: UrlTemplate): UrlTemplate {
  const parts = template.parts.map(
    (part): UrlTemplatePart => (part.kind === 'literal' ? part : { kind: 'name', name: partText(part) }),
  )
  return { ...template, parts }
}
