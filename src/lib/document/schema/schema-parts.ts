import type { SourceDocument } from '../reading/source-document.ts'
import { itemsOf, memberOf, membersOf, type SourceNode, type SourceObject, textOf } from '../source/source-node.ts'

/** The schemas that together or in turn describe one value. */
export interface SchemaParts {
  readonly parts: readonly SourceObject[]
  /** Whether one of them is not known, or says nothing: anything may be there. */
  readonly isOpen: boolean
}

/** Unions and compositions beyond that are taken for open. */
const mostParts = 1_000

/** Takes references, `allOf`, `anyOf`, `oneOf`, conditions and discriminators apart. */
export function schemaParts(document: SourceDocument, schemas: readonly (SourceNode | undefined)[]): SchemaParts {
  const parts: SourceObject[] = []
  const seen = new Set<SourceNode>()
  let isOpen = false
  const open = [...schemas]
  while (open.length > 0 && seen.size <= mostParts) {
    const next = open.pop()
    if (next === undefined) isOpen = true
    else if (!seen.has(next)) {
      seen.add(next)
      const target = document.step(next)
      // OpenAPI 3.1 lets other keywords stand beside a reference.
      if (target !== next) open.push(target)
      if (next.kind === 'object' && (target === next || next.members.size > 1)) {
        parts.push(next)
        open.push(...composedOf(document, next))
        isOpen ||= !saying.some(name => next.members.has(name))
      } else isOpen ||= next.kind === 'scalar' && next.value === true
    }
  }
  return { parts, isOpen: isOpen || open.length > 0 }
}

function composedOf(document: SourceDocument, schema: SourceObject): SourceNode[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap(name => itemsOf(memberOf(schema, name)))
  const branches = ['then', 'else'].flatMap(name => memberOf(schema, name) ?? [])
  return [...lists, ...branches, ...mappedSchemas(document, schema)]
}

/** Keywords by which a schema says what is there, or what inside of it. */
const saying = [
  '$ref',
  'type',
  'properties',
  'items',
  'allOf',
  'anyOf',
  'oneOf',
  'enum',
  'const',
  'additionalProperties',
  'format',
]

/** A discriminator leads from a schema to those that extend it. */
function mappedSchemas(document: SourceDocument, schema: SourceObject): SourceNode[] {
  return membersOf(memberOf(memberOf(schema, 'discriminator'), 'mapping')).flatMap(({ value }) => {
    const text = textOf(value) ?? ''
    const reference = /^[\w.-]+$/.test(text) && !/\.(?:ya?ml|json)$/.test(text) ? `#/components/schemas/${text}` : text
    return document.target(schema.file, reference) ?? []
  })
}

/** The JSON types that the parts allow, `undefined` where they say none. */
export function typesOf({ parts }: SchemaParts): ReadonlySet<string> | undefined {
  const types = new Set<string>()
  for (const part of parts) {
    const type = memberOf(part, 'type')
    for (const name of type?.kind === 'list' ? type.items : [type]) {
      const text = textOf(name)
      if (text !== undefined) types.add(text)
    }
    if (type === undefined && part.members.has('properties')) types.add('object')
  }
  return types.size === 0 ? undefined : types
}
