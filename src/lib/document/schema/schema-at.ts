import type { SourceDocument } from '../reading/source-document.ts'
import { itemsOf, memberOf, type SourceNode } from '../source/source-node.ts'
import { type SchemaParts, schemaParts, typesOf } from './schema-parts.ts'

/** What schemas say about the place that a JSON Pointer names. */
export type SchemaAt =
  | { readonly kind: 'found'; readonly parts: SchemaParts }
  /** Anything may be there, or it is not known. */
  | { readonly kind: 'open' }
  /** `name` is the first token that is not there, `declared` are those that are. */
  | { readonly kind: 'missing'; readonly name: string; readonly index: number; readonly declared: readonly string[] }

/** Follows a pointer through schemas that are alternatives: what one of them has is found. */
export function schemaAt(
  document: SourceDocument,
  schemas: readonly (SourceNode | undefined)[],
  pointer: readonly string[],
): SchemaAt {
  let parts = schemaParts(document, schemas)
  for (const [index, name] of pointer.entries()) {
    const inside = schemasUnder(parts, name)
    if (inside === 'open') return { kind: 'open' }
    if (inside.length === 0) return { kind: 'missing', name, index, declared: propertyNames(parts) }
    parts = schemaParts(document, inside)
  }
  return { kind: 'found', parts }
}

/** Every property that the parts declare. */
export function propertyNames({ parts }: SchemaParts): string[] {
  const names = parts.flatMap(part => {
    const properties = memberOf(part, 'properties')
    return properties?.kind === 'object' ? [...properties.members.keys()] : []
  })
  return [...new Set(names)]
}

/** The schemas of one property or item. */
export function schemasUnder(parts: SchemaParts, name: string): readonly SourceNode[] | 'open' {
  const found = parts.parts.flatMap(part => {
    const properties = memberOf(part, 'properties')
    const own = properties?.kind === 'object' ? properties.members.get(name)?.value : undefined
    return own ?? (/^(?:0|[1-9]\d*)$/.test(name) ? itemSchemas(part, Number(name)) : [])
  })
  if (found.length > 0) return found
  const additional = parts.parts.flatMap(part => memberOf(part, 'additionalProperties') ?? [])
  const schemas = additional.filter(({ kind }) => kind === 'object')
  if (schemas.length > 0) return schemas
  return parts.isOpen || additional.some(isTrue) || parts.parts.some(has('patternProperties')) || isBareObject(parts)
    ? 'open'
    : []
}

const isTrue = (node: SourceNode): boolean => node.kind === 'scalar' && node.value === true

const has =
  (name: string) =>
  (part: SourceNode): boolean =>
    memberOf(part, name) !== undefined

function itemSchemas(part: SourceNode, index: number): SourceNode[] {
  const prefix = itemsOf(memberOf(part, 'prefixItems'))[index]
  const items = prefix ?? memberOf(part, 'items')
  return items === undefined ? [] : [items]
}

/** `type: object` alone says nothing of what is inside; one that declares properties means them. */
const isBareObject = (parts: SchemaParts): boolean =>
  (typesOf(parts)?.has('object') ?? false) &&
  !parts.parts.some(part => has('properties')(part) || memberOf(part, 'additionalProperties')?.kind === 'scalar')
