import { memberOf, type SourceNode, type SourceObject, type SourceScalar, textOf } from '../source/source-node.ts'

/** A `$ref`: the mapping that it stands in, and its text. */
export interface Reference {
  readonly owner: SourceObject
  readonly value: SourceScalar
  readonly text: string
}

/** The reference that a node is, if it is one. */
export function referenceOf(node: SourceNode | undefined): Reference | undefined {
  const value = memberOf(node, '$ref')
  const text = textOf(value)
  if (text === undefined || node?.kind !== 'object' || value?.kind !== 'scalar') return undefined
  return { owner: node, value, text }
}

/** What a file refers to, and the places in it that have a name of their own. */
export interface FileReferences {
  readonly references: readonly Reference[]
  /** `$anchor` and `$dynamicAnchor` of schemas. */
  readonly anchors: ReadonlyMap<string, SourceNode>
}

/** Keys whose own keys are names that the document's author chose. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'schemas', 'dependentSchemas'])
/** Keys below which anything may stand, also what only looks like a reference. */
const free = new Set(['example', 'default', 'const', 'enum', 'value'])

/** Finds every reference of a file but those in examples and other free values. */
export function findReferences(root: SourceNode | undefined): FileReferences {
  const references: Reference[] = []
  const anchors = new Map<string, SourceNode>()
  const seen = new Set<SourceNode>()
  const open: { node: SourceNode; areNames: boolean }[] = root === undefined ? [] : [{ node: root, areNames: false }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, areNames } = next
    if (node.kind === 'scalar' || seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'list') {
      for (const item of node.items) open.push({ node: item, areNames: false })
      continue
    }
    const reference = areNames ? undefined : referenceOf(node)
    if (reference !== undefined) references.push(reference)
    for (const name of ['$anchor', '$dynamicAnchor']) {
      const anchor = textOf(memberOf(node, name))
      if (anchor !== undefined) anchors.set(anchor, node)
    }
    for (const [name, { value }] of node.members) {
      if (!areNames && (free.has(name) || name.startsWith('x-'))) continue
      // Examples by name may be references; those of a schema are a list of values.
      if (!areNames && name === 'examples' && value.kind === 'list') continue
      open.push({ node: value, areNames: !areNames && named.has(name) })
    }
  }
  return { references, anchors }
}
