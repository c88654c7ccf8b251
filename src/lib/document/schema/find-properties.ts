import type { SourceDocument } from '../reading/source-document.ts'
import type { SourceNode, SourceObject } from '../source/source-node.ts'
import { propertyNames, schemasUnder } from './schema-at.ts'
import { schemaParts } from './schema-parts.ts'

/** A property somewhere in a body: its pointer, and the schemas of its value. */
export interface FoundProperty {
  readonly pointer: readonly string[]
  readonly schemas: readonly SourceNode[]
}

const deepest = 4
const mostProperties = 2_000

/** The properties of a body, those nearer to its top first, as far as they are likely to be meant by an expression. */
export function findProperties(
  document: SourceDocument,
  schemas: readonly (SourceNode | undefined)[],
): FoundProperty[] {
  const found: FoundProperty[] = []
  const seen = new Set<SourceObject>()
  let level: FoundProperty[] = [{ pointer: [], schemas: schemas.filter(schema => schema !== undefined) }]
  for (let depth = 0; depth < deepest; depth += 1) {
    const next: FoundProperty[] = []
    for (const { pointer, schemas: here } of level) {
      const parts = schemaParts(document, here)
      // Schemas that hold themselves are not entered twice.
      if (parts.parts.length > 0 && parts.parts.every(part => seen.has(part))) continue
      for (const part of parts.parts) seen.add(part)
      for (const name of propertyNames(parts)) {
        const inside = schemasUnder(parts, name)
        if (inside !== 'open') next.push({ pointer: [...pointer, name], schemas: inside })
        if (found.length + next.length >= mostProperties) return [...found, ...next]
      }
    }
    found.push(...next)
    level = next
  }
  return found
}
