import { asJsonSchema } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { mapSubschemas } from './map-subschemas.ts'

/** A text that must not be empty: the schema that contains it, and where. */
export interface RequiredText {
  readonly schema: SchemaObject
  readonly pointer: readonly string[]
}

type Components = Readonly<Record<string, SchemaObject>>

/**
 * Writes `minLength` where texts must not be empty. A component that is also used elsewhere keeps its meaning and is
 * not changed.
 */
export function writeRequiredTexts(
  texts: readonly RequiredText[],
  shown: readonly SchemaObject[],
  components: Components,
): void {
  if (texts.length === 0) return
  const uses = new Map<string, number>()
  for (const schema of [...shown, ...Object.values(components)]) countReferences(schema, uses)
  const owned = new Map(
    Object.entries(components)
      .map(([name, schema]) => [`#/components/schemas/${name}`, schema] as const)
      .filter(([reference]) => uses.get(reference) === 1),
  )
  for (const { schema, pointer } of texts) write(schema, pointer, owned)
}

function countReferences(schema: SchemaObject, uses: Map<string, number>): void {
  const { $ref: reference } = schema
  if (typeof reference === 'string') uses.set(reference, (uses.get(reference) ?? 0) + 1)
  for (const [keyword, value] of Object.entries(schema))
    mapSubschemas(keyword, value, inner => {
      if (typeof inner !== 'boolean') countReferences(inner, uses)
    })
}

function write(shown: SchemaObject, pointer: readonly string[], owned: ReadonlyMap<unknown, SchemaObject>): void {
  const schema = '$ref' in shown ? owned.get(shown.$ref) : shown
  const [name, ...rest] = pointer
  if (schema === undefined) return
  if (name === undefined) {
    notEmpty(schema)
    return
  }
  const properties = asJsonSchema(schema.properties) ?? {}
  const property = Object.hasOwn(properties, name) ? asJsonSchema(properties[name]) : undefined
  if (property !== undefined) write(property, rest, owned)
}

/** A format or a list of constants already says more than that. */
function notEmpty(schema: SchemaObject): void {
  for (const branch of Array.isArray(schema.anyOf) ? (schema.anyOf as SchemaObject[]) : []) notEmpty(branch)
  const isText = [schema.type].flat().includes('string')
  const saysMore = ['format', 'enum', 'const'].some(keyword => keyword in schema) || Number(schema.minLength) > 0
  if (isText && !saysMore) schema.minLength = 1
}
