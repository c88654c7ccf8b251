import { type JsonSchema, type JsonType, typesOf } from '../json-schema.ts'
import { othersIn, possiblePartsOf, prefixItemsIn, propertiesIn, SchemaSetCache, schemasIn } from '../schema-parts.ts'

/** All schemas that may apply at one place of a value. What lies below is found when it is asked for, and kept. */
export class PlaceSchemas {
  readonly parts: readonly JsonSchema[]
  readonly types: ReadonlySet<JsonType>
  readonly #root: JsonSchema
  readonly #known: SchemaSetCache<PlaceSchemas>
  #allConstants: boolean | undefined
  readonly #ofType = new Map<JsonType, readonly JsonSchema[]>()
  readonly #properties: ReadonlyMap<string, readonly JsonSchema[]>
  readonly #below = new Map<string, PlaceSchemas | undefined>()

  constructor(schemas: readonly JsonSchema[], root: JsonSchema, known = new SchemaSetCache<PlaceSchemas>(root)) {
    this.parts = possiblePartsOf(schemas, root)
    this.types = new Set(schemas.flatMap(schema => [...typesOf(schema, root)]))
    this.#root = root
    this.#known = known
    this.#properties = propertiesIn(this.parts)
  }

  /** Whether each of them lists its values, or is a union of such. */
  get allConstants(): boolean {
    this.#allConstants ??= this.parts.every(part => CONSTANTS.some(keyword => keyword in part))
    return this.#allConstants
  }

  /** The schemas that may apply to values of a type. */
  ofType(type: JsonType): readonly JsonSchema[] {
    const known = this.#ofType.get(type) ?? this.parts.filter(part => typesOf(part, this.#root).has(type))
    this.#ofType.set(type, known)
    return known
  }

  /** The place of a property or an item; undefined where nothing is declared for it. */
  below(value: object, step: string | number): PlaceSchemas | undefined {
    if (Array.isArray(value)) return this.#item(Number(step))
    const schemas = this.#properties.get(String(step))
    return schemas === undefined
      ? this.#kept('others', () => othersIn(this.parts))
      : this.#kept(`property ${step}`, () => schemas)
  }

  #item(index: number): PlaceSchemas | undefined {
    const prefix = prefixItemsIn(this.parts)
    return index < prefix.length
      ? this.#kept(`item ${index}`, () => prefix[index]!)
      : this.#kept('items', () => schemasIn(this.parts, 'items'))
  }

  /** One for each set of schemas, so that a recursive schema has an end. */
  #kept(key: string, schemasOf: () => readonly JsonSchema[]): PlaceSchemas | undefined {
    if (this.#below.has(key)) return this.#below.get(key)
    const schemas = schemasOf()
    const { known, remember } = this.#known.find(schemas)
    const place =
      schemas.length === 0 ? undefined : (known ?? remember(new PlaceSchemas(schemas, this.#root, this.#known)))
    this.#below.set(key, place)
    return place
  }
}

const CONSTANTS = ['const', 'enum', 'anyOf', 'oneOf']
