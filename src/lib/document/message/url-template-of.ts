import { parseUrlTemplate } from '../../expression/parse.ts'
import { partText } from '../../expression/serialize.ts'
import type { Outgoing } from '../callbacks/outgoing.ts'
import { ownNames } from '../check/keys/check-key.ts'
import { KeyScope } from '../check/keys/key-scope.ts'
import { mendKey } from '../check/keys/mend-key.ts'
import type { SourceDocument } from '../reading/source-document.ts'

/** A part of the URL behind its base: text, or a value by the name that it has for whoever fills it in. */
export type UrlPart = { readonly text: string } | { readonly name: string }

/**
 * What follows the base URL of a callback, as its key says once it is mended: the base is what the receiver gave. Nothing
 * follows it where the key cannot be read, nor for a webhook.
 */
export function partsAfterBase(document: SourceDocument, outgoing: Outgoing): readonly UrlPart[] {
  if (outgoing.kind === 'webhook') return []
  const scope = new KeyScope(outgoing.context, ownNames(document, outgoing))
  const { text, isTemplate } = mendKey(outgoing.key.text, scope)
  if (!isTemplate) return []
  const [base, ...rest] = parseUrlTemplate(text, { standard: true, names: scope.names }).parts
  const path = base?.kind === 'literal' ? [{ text: withoutOrigin(base.text) }] : []
  return [
    ...path,
    ...rest.map(part => (part.kind === 'literal' ? { text: part.text } : { name: nameOf(partText(part)) })),
  ]
}

const withoutOrigin = (url: string): string => url.replace(/^https?:\/\/[^/?#]*/i, '')

/** `$request.body#/customer/id` is asked for as `id`. */
const nameOf = (expression: string): string => expression.split(/[/.#]/).at(-1) || expression
