import { DefinitionError } from '../../definition/definition-error.ts'
import { parseJsonPointer } from '../../json/json-pointer.ts'
import { asJsonSchema, type JsonSchema } from '../../schema/json-schema.ts'
import type { Place } from '../place.ts'
import { generatorForm } from './generator-form.ts'
import { mapSchema } from './map-schema.ts'

/** What a reference inside a schema refers to. */
export interface ReferenceTarget {
  readonly schema: JsonSchema
  /** The name that its author gave it. An unnamed schema is referred to only if it contains itself. */
  readonly name: string | undefined
}

/** The names that are made up for schemas without one. */
const MADE_UP_NAME = /^__schema\d+$/

/**
 * One side of a compiled schema with its `$defs`, in the form for a document. It resolves references, which are `#` or
 * `#/$defs/Name`.
 */
export class SchemaRoot {
  readonly json: JsonSchema
  readonly place: Place
  readonly #definitions: JsonSchema
  readonly #otherSide: () => JsonSchema

  /** `otherSide` returns the other side of the schema, or throws if that side cannot be described. */
  constructor(json: JsonSchema, place: Place, otherSide: () => JsonSchema) {
    this.json = generatorForm(json)
    this.place = place
    this.#definitions = asJsonSchema(this.json['$defs']) ?? {}
    this.#otherSide = otherSide
  }

  target(reference: string): ReferenceTarget {
    const [, name] = parseJsonPointer(decodeURIComponent(reference.slice(1)))
    if (name === undefined) return { schema: this.json, name }
    const schema = asJsonSchema(this.#definitions[name]) ?? {}
    return { schema, name: MADE_UP_NAME.test(name) ? undefined : name }
  }

  /**
   * The `textOf` of the schema with this name on the other side; undefined if there is none, or if that side cannot be
   * described.
   */
  otherTextOf(name: string): string | undefined {
    try {
      const other = new SchemaRoot(this.#otherSide(), this.place, () => this.json)
      const schema = asJsonSchema(other.#definitions[name])
      return schema && other.textOf(schema)
    } catch (error) {
      if (error instanceof DefinitionError) return undefined
      throw error
    }
  }

  /** Whether the schema itself, which then has no name, occurs somewhere inside itself. */
  get containsItself(): boolean {
    let found = false
    const look = (reference: string) => {
      found ||= reference === '#'
      return {}
    }
    for (const schema of [this.json, ...Object.values(this.#definitions)]) mapSchema(asJsonSchema(schema) ?? {}, look)
    return found
  }

  /**
   * The meaning of the schema as a text that depends neither on made-up names nor on the order of members: two schemas
   * with the same text are the same. `stack` holds the references that are being followed.
   */
  textOf(schema: JsonSchema, stack: readonly string[] = []): string {
    const expanded = mapSchema(schema, reference => {
      const { schema: target, name } = this.target(reference)
      if (name !== undefined) return { $ref: name }
      const depth = stack.lastIndexOf(reference)
      return depth < 0 ? { $inline: this.textOf(target, [...stack, reference]) } : { $ref: `#${stack.length - depth}` }
    })
    return JSON.stringify(expanded, sortMembers)
  }
}

/** `required` is a set, and the members of an object have no order. */
function sortMembers(key: string, value: unknown): unknown {
  if (key === 'required' && Array.isArray(value)) return value.toSorted()
  const members = asJsonSchema(value)
  if (members === undefined) return value
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
}
