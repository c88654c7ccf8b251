import { DefinitionError } from '../definition-error.ts'
import { parseJsonPointer } from '../json-pointer.ts'
import { asJsonSchema, type JsonSchema } from '../schema/json-schema.ts'
import { mapSchema } from './map-schema.ts'
import type { Place } from './place.ts'

/** What a reference inside a schema leads to. */
export interface ReferenceTarget {
  readonly schema: JsonSchema
  /** The name that its author gave it; undefined where the library made one up, or where it is no `$defs` entry. */
  readonly name: string | undefined
}

/** The names that libraries make up for what they need twice: Zod, Valibot, ArkType. */
const MADE_UP_NAME = /^(__schema\d+|\d+|(intersection|union|morph|alias)\d*|\$ark\..*)$/

/** One schema with its `$defs`, as a library gave it: it follows references, and tells which of them are circles. */
export class SchemaRoot {
  readonly json: JsonSchema
  readonly place: Place
  readonly #targets = new Map<string, ReferenceTarget>()

  constructor(json: JsonSchema, place: Place) {
    this.json = json
    this.place = place
  }

  /** The target of a reference such as `#/$defs/Invoice`; throws a `DefinitionError` where there is none. */
  target(reference: string): ReferenceTarget {
    const known = this.#targets.get(reference)
    if (known !== undefined) return known
    const tokens = parseJsonPointer(decodeURIComponent(reference.slice(1)))
    const schema = asJsonSchema(tokens.reduce<unknown>(memberOf, this.json))
    if (schema === undefined)
      throw new DefinitionError(`The schema in ${this.place.words} refers to "${reference}", which it does not hold`)
    const target = { schema, name: givenName(tokens) }
    this.#targets.set(reference, target)
    return target
  }

  /** Whether an unnamed schema leads back to itself, so that it needs a name to be written down. */
  isCircle(reference: string): boolean {
    const seen = new Set<string>()
    const open = [reference]
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const found of unnamedReferences(this, next)) {
        if (found === reference) return true
        if (!seen.has(found)) open.push(found)
        seen.add(found)
      }
    return false
  }

  /**
   * What the schema says, as a text that does not depend on the names a library made up nor on the order of members:
   * two schemas with one text are the same.
   */
  textOf(schema: JsonSchema, stack: readonly string[] = []): string {
    const expanded = mapSchema(schema, reference => {
      const { schema: target, name } = this.target(reference)
      if (name !== undefined) return { $ref: name }
      const depth = stack.lastIndexOf(reference)
      if (depth >= 0) return { $ref: `#${stack.length - depth}` }
      return { $inline: this.textOf(target, [...stack, reference]) }
    })
    return JSON.stringify(expanded, sortMembers)
  }
}

const memberOf = (value: unknown, token: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, token)
    ? (value as Record<string, unknown>)[token]
    : undefined

function givenName([keyword, name, ...rest]: readonly string[]): string | undefined {
  if (keyword !== '$defs' || name === undefined || rest.length > 0 || MADE_UP_NAME.test(name)) return undefined
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_')
}

function unnamedReferences(root: SchemaRoot, reference: string): string[] {
  const found: string[] = []
  mapSchema(root.target(reference).schema, inner => {
    if (root.target(inner).name === undefined) found.push(inner)
    return {}
  })
  return found
}

function sortMembers(_key: string, value: unknown): unknown {
  const members = asJsonSchema(value)
  if (members === undefined) return value
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
}
