import type { CompiledSchema } from '../../schema/compiled-schema.ts'
import { type JsonSchema, type JsonType, propertiesOf, typesOf } from '../../schema/json-schema.ts'
import { openPartOf } from '../../schema/open-part.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import type { Place, Side } from '../place.ts'
import {
  type ComponentEntry,
  type ComponentSide,
  nameComponents,
  type SchemaReference,
  twoSchemas,
} from './component-entry.ts'
import { addDiscriminators } from './discriminators.ts'
import { mapSchema } from './map-schema.ts'
import { type RequiredText, writeRequiredTexts } from './required-texts.ts'
import { SchemaRoot } from './schema-root.ts'

/** One property of an object schema, as the document shows it. */
export interface DocumentProperty {
  readonly name: string
  readonly required: boolean
  /** The JSON types that it allows. */
  readonly types: ReadonlySet<JsonType>
  readonly schema: SchemaObject
}

/**
 * Collects the schemas of a document. Schemas with a name, and unnamed ones that refer to themselves, become
 * components. All others are written where they are used.
 */
export class SchemaComponents {
  readonly #named = new Map<string, ComponentEntry>()
  readonly #unnamed = new Map<string, ComponentEntry>()
  readonly #references: SchemaReference[] = []
  /** Schemas that are written where they are used. */
  readonly #shown: SchemaObject[] = []
  readonly #requiredTexts: RequiredText[] = []

  /** One side of a schema, as the document has it in this place. */
  schema(compiled: CompiledSchema, side: Side, place: Place): SchemaObject {
    const root = rootOf(compiled, side, place)
    return root.containsItself ? this.component(compiled, side, place) : this.#show(root.json, root, side)
  }

  /** A reference to one side of a schema, which becomes a component even if it has no name. */
  component(compiled: CompiledSchema, side: Side, place: Place): SchemaObject {
    const root = rootOf(compiled, side, place)
    if (typeof root.json['$ref'] === 'string') return this.#show(root.json, root, side)
    const shown = this.#refer('#', root, side, this.#references)
    this.#shown.push(shown)
    return shown
  }

  /** The properties of one side of an object schema that are to be documented, each as the document shows it. */
  properties(compiled: CompiledSchema, side: Side, place: Place): DocumentProperty[] {
    const root = rootOf(compiled, side, place)
    const documented = [...propertiesOf(root.json, root.json)].filter(
      ([, { schema }]) => schema['documented'] !== false,
    )
    return documented.map(([name, { schema, required }]) => ({
      name,
      required,
      types: typesOf(schema, root.json),
      schema: this.#show(schema, root, side),
    }))
  }

  /** What one side of an object schema says about undeclared properties; undefined if it says nothing. */
  others(
    compiled: CompiledSchema,
    side: Side,
    place: Place,
  ): Pick<DocumentProperty, 'required' | 'schema'> | undefined {
    const root = rootOf(compiled, side, place)
    const open = openPartOf(root.json)
    return open && { ...open, schema: this.#show(open.schema, root, side) }
  }

  /** Notes that a text inside a schema of the document must not be empty. */
  requireText(schema: SchemaObject, pointer: readonly string[]): void {
    this.#requiredTexts.push({ schema, pointer })
  }

  /** Adds a schema of Ringback itself. Its references are already those of the finished document. */
  add(name: string, schema: SchemaObject, place: Place): void {
    const entry = this.#entry(name, place)
    const text = JSON.stringify(schema)
    for (const side of ['input', 'output'] as const)
      this.#define(entry, side, { text, otherText: () => text, place }, () => schema)
  }

  /** Names all components, completes all references and unions, and returns `components.schemas`. */
  finish(): Record<string, SchemaObject> {
    const schemas = nameComponents([...this.#named.values()], [...this.#unnamed.values()], this.#references)
    writeRequiredTexts(this.#requiredTexts, this.#shown, schemas)
    for (const schema of [...this.#shown, ...Object.values(schemas)])
      addDiscriminators(schema, { components: { schemas } })
    return schemas
  }

  #show(schema: JsonSchema, root: SchemaRoot, side: Side): SchemaObject {
    const shown = this.#translate(schema, root, side, this.#references)
    this.#shown.push(shown)
    return shown
  }

  #translate(schema: JsonSchema, root: SchemaRoot, side: Side, references: SchemaReference[]): SchemaObject {
    return mapSchema(schema, reference => this.#refer(reference, root, side, references))
  }

  #refer(reference: string, root: SchemaRoot, side: Side, references: SchemaReference[]): SchemaObject {
    const { schema, name } = root.target(reference)
    const text = root.textOf(schema, name === undefined ? [reference] : [])
    const entry = name === undefined ? this.#unnamedEntry(text, root.place, reference) : this.#entry(name, root.place)
    const otherText = () => (name === undefined ? undefined : root.otherTextOf(name))
    this.#define(entry, side, { text, otherText, place: root.place }, inner =>
      this.#translate(schema, root, side, inner),
    )
    const object = { $ref: '' }
    references.push({ object, entry, side })
    return object
  }

  #define(
    entry: ComponentEntry,
    side: Side,
    given: Omit<ComponentSide, 'references' | 'schema'>,
    translate: (references: SchemaReference[]) => SchemaObject,
  ): void {
    const known = entry.sides[side]
    if (known === undefined) {
      const references: SchemaReference[] = []
      const definition = { ...given, references, schema: {} }
      entry.sides[side] = definition
      definition.schema = translate(references)
    } else if (known.text !== given.text) throw twoSchemas(entry.name, known.place, given.place)
  }

  #entry(name: string, place: Place): ComponentEntry {
    const entry = this.#named.get(name) ?? { name, place, sides: {} }
    this.#named.set(name, entry)
    return entry
  }

  /** A part of a body is a node of it: what a generator makes of the body itself has the body's name. */
  #unnamedEntry(text: string, place: Place, reference: string): ComponentEntry {
    const name = reference === '#' ? place.name : `${place.name}Node`
    const entry = this.#unnamed.get(text) ?? { name, place, sides: {} }
    this.#unnamed.set(text, entry)
    return entry
  }
}

const rootOf = (compiled: CompiledSchema, side: Side, place: Place): SchemaRoot =>
  new SchemaRoot(compiled[side], place, () => compiled[side === 'input' ? 'output' : 'input'])
