import { type JsonSchema, type JsonType, typeOfValue, typesOf } from '../json-schema.ts'
import { othersIn, possiblePartsOf, prefixItemsIn, propertiesIn, SchemaSetCache, schemasIn } from '../schema-parts.ts'
import { brokenKeyword } from './broken-keyword.ts'
import { VALIDATION_CODES, type ValidationCode } from './validation-code.ts'

/** What the schemas at a place say of a value that was refused there. */
export interface Refusal {
  readonly code: ValidationCode
  /** Text was sent where only a boolean is taken. */
  readonly wantsBoolean: boolean
}

/** All schemas that may apply at one place. */
interface PlaceSchemas {
  readonly parts: readonly JsonSchema[]
  readonly types: ReadonlySet<JsonType>
  readonly properties: ReadonlyMap<string, readonly JsonSchema[]>
  readonly others: readonly JsonSchema[]
  readonly prefix: readonly (readonly JsonSchema[])[]
  readonly items: readonly JsonSchema[]
}

/** Of a larger union nobody can say which branch was meant. */
const MOST_PARTS = 1_000

/** Finds the code of a mistake by a schema and the value that it refused: libraries agree in nothing else. */
export class CodeReader {
  readonly #root: JsonSchema
  readonly #known: SchemaSetCache<PlaceSchemas>

  constructor(root: JsonSchema) {
    this.#root = root
    this.#known = new SchemaSetCache(root)
  }

  /** Why the value was refused at this place of it. */
  refusal(value: unknown, path: readonly (string | number)[]): Refusal {
    let schemas: readonly JsonSchema[] = [this.#root]
    let here = value
    for (const step of path) {
      if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return MISSING
      schemas = this.#below(schemas, here, step)
      if (schemas.length === 0) return Array.isArray(here) ? UNKNOWN : UNDECLARED
      here = (here as Readonly<Record<string | number, unknown>>)[step]
    }
    return here === undefined ? MISSING : this.#at(schemas, here)
  }

  #below(schemas: readonly JsonSchema[], value: object, step: string | number): readonly JsonSchema[] {
    const place = this.#place(schemas)
    if (Array.isArray(value)) return place.prefix[Number(step)] ?? place.items
    return place.properties.get(String(step)) ?? place.others
  }

  #at(schemas: readonly JsonSchema[], value: unknown): Refusal {
    const { parts, types } = this.#place(schemas)
    const type = typeOfValue(value)
    if (!types.has(type)) {
      const wantsBoolean = type === 'string' && types.has('boolean') && types.size === (types.has('null') ? 2 : 1)
      return { code: 'type', wantsBoolean }
    }
    if (parts.length > MOST_PARTS) return { code: parts.every(isConstant) ? 'enum' : 'invalid', wantsBoolean: false }
    const fitting = parts.filter(part => typesOf(part, this.#root).has(type))
    const broken = new Set(fitting.map(part => brokenKeyword(part, value)))
    return { code: VALIDATION_CODES.find(code => broken.has(code)) ?? 'invalid', wantsBoolean: false }
  }

  #place(schemas: readonly JsonSchema[]): PlaceSchemas {
    const { known, remember } = this.#known.find(schemas)
    if (known !== undefined) return known
    const parts = possiblePartsOf(schemas, this.#root)
    return remember({
      parts,
      types: new Set(schemas.flatMap(schema => [...typesOf(schema, this.#root)])),
      properties: propertiesIn(parts),
      others: othersIn(parts),
      prefix: prefixItemsIn(parts),
      items: schemasIn(parts, 'items'),
    })
  }
}

const UNKNOWN: Refusal = { code: 'invalid', wantsBoolean: false }
const UNDECLARED: Refusal = { code: 'additionalProperties', wantsBoolean: false }
const MISSING: Refusal = { code: 'required', wantsBoolean: false }

const isConstant = (part: JsonSchema): boolean =>
  'const' in part || 'enum' in part || 'anyOf' in part || 'oneOf' in part
