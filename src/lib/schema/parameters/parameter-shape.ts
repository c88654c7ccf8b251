import { once } from '../../once.ts'
import { type JsonSchema, typesOf } from '../json-schema.ts'
import {
  othersIn,
  possiblePartsOf,
  prefixItemsIn,
  propertiesIn,
  SchemaSetCache,
  saysOthers,
  schemasIn,
} from '../schema-parts.ts'
import { unionBranches } from '../union-branches.ts'
import { either, textReading } from './text-reading.ts'
import { textValue } from './text-value.ts'

/**
 * How a list is written: a repeated name in a query or a form, commas in a header, and commas between percent-encoded
 * items in a path or a cookie. A form also has files, objects as JSON, and inputs that were left empty.
 */
export type ListStyle = 'repeated' | 'commas' | 'encodedCommas' | 'form'

/** Whether a name is repeated for a list, and `filter[name]` stands for a part of an object. */
export const isRepeated = (style: ListStyle): boolean => style === 'repeated' || style === 'form'

/** What the texts at one place of the parameters can become. */
export interface ParameterShape {
  readonly style: ListStyle
  /** The value of one text; the text itself where it is nothing else. */
  scalar(text: string): unknown
  /** Whether the text may stay as it is. */
  takes(text: string): boolean
  /** Whether a file may stay as it is, which a schema describes as a text. */
  readonly takesFile: boolean
  /** Whether an empty text may be a value. */
  readonly takesEmpty: boolean
  /** The shape of a list's items; undefined where no list is taken. */
  readonly item: ((index: number) => ParameterShape) | undefined
  readonly takesObject: boolean
  readonly properties: ReadonlyMap<string, ParameterShape>
  /** The shape of undeclared properties. */
  readonly others: ParameterShape | undefined
  /** Says nothing about undeclared properties: neither allows nor forbids them. */
  readonly ignoresOthers: boolean
  /** The shapes of the branches of a union, each alone; empty where there is none. */
  branches(): readonly ParameterShape[]
}

/** Compiles the shapes of one schema and of the schemas inside of it, each once. */
export class ParameterShapes {
  readonly #root: JsonSchema
  readonly #style: ListStyle
  readonly #made: SchemaSetCache<ParameterShape>

  constructor(root: JsonSchema, style: ListStyle) {
    this.#root = root
    this.#style = style
    this.#made = new SchemaSetCache(root)
  }

  /** The shape of a place to which any of the schemas may apply. */
  of(schemas: readonly JsonSchema[]): ParameterShape {
    const { known, remember } = this.#made.find(schemas)
    if (known !== undefined) return known
    const parts = possiblePartsOf(schemas, this.#root)
    const reading = schemas.map(schema => textReading(schema, this.#root)).reduce(either)
    const types = new Set(schemas.flatMap(schema => [...typesOf(schema, this.#root)]))
    const properties = new Map<string, ParameterShape>()
    const shape: { -readonly [K in keyof ParameterShape]: ParameterShape[K] } = {
      style: this.#style,
      scalar: text => (reading.null && text === 'null' && !reading.text ? null : textValue(text, reading)),
      takes: text => reading.text || reading.texts.has(text),
      takesFile: reading.text,
      takesEmpty: reading.texts.has('') || (reading.text && parts.some(takesEmptyText)),
      item: undefined,
      takesObject: types.has('object'),
      properties,
      others: undefined,
      ignoresOthers: false,
      // Made when it is first needed: for most requests the first reading is right.
      branches: once(() => unionBranches(schemas, this.#root).map(branch => this.of([branch]))),
    }
    // A recursive schema finds this entry while its shape is still being compiled.
    remember(shape)
    for (const [name, declared] of propertiesIn(parts)) properties.set(name, this.of(declared))
    const rest = othersIn(parts)
    if (rest.length > 0) shape.others = this.of(rest)
    shape.ignoresOthers = ignoresOthers(parts)
    if (types.has('array')) shape.item = this.#items(parts)
    return shape
  }

  #items(parts: readonly JsonSchema[]): (index: number) => ParameterShape {
    const items = schemasIn(parts, 'items')
    const rest = this.of(items.length === 0 ? [ANYTHING] : items)
    const prefix = prefixItemsIn(parts).map(schemas => this.of(schemas))
    return index => prefix[index] ?? rest
  }
}

/** One constant, so that its shape, whose items have the same shape, is compiled once. */
const ANYTHING: JsonSchema = {}

/** Whether a group also reads parameters that its schema does not declare. */
export const readsOthers = (schema: JsonSchema): boolean => !ignoresOthers(possiblePartsOf([schema], schema))

const ignoresOthers = (parts: readonly JsonSchema[]) => propertiesIn(parts).size > 0 && !parts.some(saysOthers)

/** A text with a format or a least length is never empty; a pattern is asked. */
function takesEmptyText({ type, format, minLength, pattern, const: constant, enum: values }: JsonSchema): boolean {
  if (type !== undefined && ![type].flat().includes('string')) return false
  if (constant !== undefined || values !== undefined || format !== undefined) return false
  return !(Number(minLength ?? 0) > 0) && (typeof pattern !== 'string' || matchesEmpty(pattern))
}

function matchesEmpty(pattern: string): boolean {
  try {
    // pattern: it is the schema's own, and an empty text costs no time
    return new RegExp(pattern, 'u').test('')
  } catch {
    return true
  }
}
