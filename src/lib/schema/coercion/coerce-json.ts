import { constantsOf } from '../discriminator.ts'
import { type JsonSchema, typesOf } from '../json-schema.ts'
import { setOwn } from '../own-property.ts'
import { either, readingOfValues, type TextReading, textReading } from '../parameters/text-reading.ts'
import { textValue } from '../parameters/text-value.ts'
import { possiblePartsOf, prefixItemsIn, propertiesIn, SchemaSetCache, schemasIn } from '../schema-parts.ts'
import { isStackOverflow } from '../stack-overflow.ts'
import { unionBranches } from '../union-branches.ts'

/** Gives the value with text decoded where the schema asks for a number or boolean; the same value if nothing was. */
export type JsonCoercion = (value: unknown) => unknown

/**
 * Compiles the decoding of text inside a JSON value by its schema: `{"total": "9999"}` becomes `{"total": 9999}` where
 * the schema wants a number, and stays as it is where any of the schemas that may apply there takes text. Values are
 * copied, never changed.
 */
export function compileJsonCoercion(root: JsonSchema): JsonCoercion {
  const coercion = new CoercionCompiler(root).compile([root])
  return value => {
    try {
      return coercion(value)
    } catch (thrown) {
      // A value nested that deeply has failed its validation already, and the issues say so.
      if (isStackOverflow(thrown)) return value
      throw thrown
    }
  }
}

type Nested<T> = (value: T) => unknown

class CoercionCompiler {
  readonly #root: JsonSchema
  readonly #made: SchemaSetCache<JsonCoercion>

  constructor(root: JsonSchema) {
    this.#root = root
    this.#made = new SchemaSetCache(root)
  }

  /** The coercion of a value to which any of the schemas may apply. */
  compile(schemas: readonly JsonSchema[]): JsonCoercion {
    const { known, remember } = this.#made.find(schemas)
    if (known !== undefined) return known
    // A recursive schema finds this entry while its coercion is still being compiled.
    let coercion: JsonCoercion = value => value
    remember(value => coercion(value))
    const reading = schemas.map(schema => textReading(schema, this.#root)).reduce(either)
    const parts = possiblePartsOf(schemas, this.#root)
    const objects = this.#branches(schemas) ?? this.#objects(parts)
    const arrays = this.#arrays(parts)
    coercion = value => {
      if (typeof value === 'string') return textValue(value, reading)
      if (typeof value !== 'object' || value === null) return value
      return Array.isArray(value) ? arrays(value) : objects(value as JsonSchema)
    }
    return remember(coercion)
  }

  /**
   * Constants choose the branch, so that text in one of them does not keep numbers in another from being decoded. Where
   * several branches are possible, those with the most matching constants win.
   */
  #branches(schemas: readonly JsonSchema[]): Nested<JsonSchema> | undefined {
    const branches = unionBranches(schemas, this.#root)
      .filter(branch => typesOf(branch, this.#root).has('object'))
      .map(schema => ({ schema, constants: [...constantsOf(schema, this.#root)] }))
    if (branches.length < 2 || branches.every(({ constants }) => constants.length === 0)) return undefined
    const readings = readingsOf(branches.flatMap(({ constants }) => constants))
    const coercions = new Map<string, Nested<JsonSchema>>()
    const coercionOf = (named: readonly JsonSchema[]): Nested<JsonSchema> => {
      const key = named.map(schema => branches.findIndex(branch => branch.schema === schema)).join()
      const coercion = coercions.get(key) ?? this.#objects(possiblePartsOf(named, this.#root))
      coercions.set(key, coercion)
      return coercion
    }
    return value => {
      const own = ownConstants(value, readings)
      const fitting = branches.filter(({ constants }) => constants.every(([name, all]) => all.includes(own.get(name))))
      const most = fitting.reduce((longest, { constants }) => Math.max(longest, constants.length), 0)
      const named = fitting.filter(({ constants }) => constants.length === most).map(({ schema }) => schema)
      return named.length === 0 ? value : coercionOf(named)(value)
    }
  }

  #objects(parts: readonly JsonSchema[]): Nested<JsonSchema> {
    const properties = new Map([...propertiesIn(parts)].map(([name, schemas]) => [name, this.compile(schemas)]))
    const rest = schemasIn(parts, 'additionalProperties')
    const others = rest.length === 0 ? undefined : this.compile(rest)
    return value => {
      let copy: Record<string, unknown> | undefined
      for (const name of Object.keys(value)) {
        const inner = value[name]
        const coerced = (properties.get(name) ?? others)?.(inner) ?? inner
        if (coerced === inner) continue
        copy ??= { ...value }
        setOwn(copy, name, coerced)
      }
      return copy ?? value
    }
  }

  #arrays(parts: readonly JsonSchema[]): Nested<readonly unknown[]> {
    const items = schemasIn(parts, 'items')
    const prefix = prefixItemsIn(parts).map(schemas => this.compile(schemas))
    const rest = items.length === 0 ? undefined : this.compile(items)
    return value => {
      let copy: unknown[] | undefined
      for (let index = 0; index < value.length; index++) {
        const coerced = (prefix[index] ?? rest)?.(value[index]) ?? value[index]
        if (coerced === value[index]) continue
        copy ??= value.slice()
        copy[index] = coerced
      }
      return copy ?? value
    }
  }
}

type Constants = readonly [name: string, values: readonly unknown[]]

/**
 * How to read text in a constant property: one reading for all branches together, so that "1" means the same in each.
 */
function readingsOf(constants: readonly Constants[]): Map<string, TextReading> {
  const readings = new Map<string, TextReading>()
  for (const [name, values] of constants) {
    const reading = readingOfValues(values)
    const known = readings.get(name)
    readings.set(name, known === undefined ? reading : either(known, reading))
  }
  return readings
}

function ownConstants(value: JsonSchema, readings: ReadonlyMap<string, TextReading>): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [name, reading] of readings) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined
    found.set(name, typeof own === 'string' ? textValue(own, reading) : own)
  }
  return found
}
