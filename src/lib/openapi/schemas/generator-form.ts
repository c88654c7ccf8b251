import type { JsonSchema } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { anyJsonReferences } from './any-json.ts'
import { enumRecord } from './enum-record.ts'
import { mapSubschemas } from './map-subschemas.ts'
import { plainKeywords } from './plain-keywords.ts'
import { separateTypes } from './separate-types.ts'
import { tupleItems } from './tuple-items.ts'
import { wholeNumbers } from './whole-numbers.ts'

const known = new WeakMap<JsonSchema, JsonSchema>()

/**
 * A schema with its `$defs` in the form for a document: what strict generators refuse is written differently, and what
 * says nothing to a reader is left out (see {@link plainKeywords}). The same values are valid.
 */
export function generatorForm(root: JsonSchema): JsonSchema {
  const made = known.get(root) ?? rewritten(root, root, anyJsonReferences(root))
  known.set(root, made)
  return made
}

function rewritten(schema: JsonSchema, root: JsonSchema, anyJson: ReadonlySet<unknown>): SchemaObject {
  if (anyJson.has(schema['$ref'])) {
    const { $ref: _, ...annotations } = schema
    return annotations
  }
  const node: SchemaObject = {}
  for (const [keyword, value] of Object.entries(tupleItems(enumRecord(schema, root))))
    node[keyword] = mapSubschemas(keyword, value, inner =>
      typeof inner === 'boolean' ? booleanSchema(inner, keyword) : rewritten(inner, root, anyJson),
    )
  return withFlatUnion(separateTypes(plainKeywords(node), wholeNumbers))
}

/** Generators accept a boolean as a schema only where it closes an object. */
function booleanSchema(value: boolean, keyword: string): boolean | SchemaObject {
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return value
  return value ? {} : { not: {} }
}

/** A union directly inside a union becomes part of the outer one. */
function withFlatUnion(node: SchemaObject): SchemaObject {
  const branches = node.anyOf as SchemaObject[] | undefined
  return branches === undefined ? node : Object.assign(node, { anyOf: branches.flatMap(ownBranches) })
}

const ownBranches = (branch: SchemaObject): SchemaObject[] =>
  Array.isArray(branch.anyOf) && Object.keys(branch).length === 1 ? (branch.anyOf as SchemaObject[]) : [branch]
