import { type JsonSchema, resolveReference, schemasUnder } from '../json-schema.ts'

/** Which of the values that a text can stand for a schema takes. */
export interface TextReading {
  /** Any text, or some texts: those stay as they are. */
  readonly text: boolean
  readonly texts: ReadonlySet<string>
  readonly number: boolean
  readonly boolean: boolean
  readonly null: boolean
}

const ANYTHING: TextReading = { text: true, texts: new Set(), number: true, boolean: true, null: true }
const NOTHING: TextReading = { text: false, texts: new Set(), number: false, boolean: false, null: false }

/** Deeper than any union that people write; a union that contains itself ends here. */
const DEEPEST_UNION = 16

/** Reads from a schema which values a text may stand for. */
export function textReading(schema: JsonSchema, root: JsonSchema, depth = 0): TextReading {
  if (depth > DEEPEST_UNION) return ANYTHING
  const here = resolveReference(schema, root)
  let reading = declaredReading(here)
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = schemasUnder(here, keyword)
    if (branches.length === 0) continue
    reading = both(reading, branches.map(branch => textReading(branch, root, depth + 1)).reduce(either))
  }
  for (const part of schemasUnder(here, 'allOf')) reading = both(reading, textReading(part, root, depth + 1))
  return reading
}

function declaredReading(schema: JsonSchema): TextReading {
  const { type, enum: values = 'const' in schema ? [schema['const']] : undefined, not } = schema
  if (Array.isArray(values)) return readingOfValues(values)
  if (type === undefined)
    return typeof not === 'object' && not !== null && Object.keys(not).length === 0 ? NOTHING : ANYTHING
  const types = new Set([type].flat())
  return {
    text: types.has('string'),
    texts: new Set(),
    number: types.has('number') || types.has('integer'),
    boolean: types.has('boolean'),
    null: types.has('null'),
  }
}

/** The reading of a list of constants. */
export const readingOfValues = (values: readonly unknown[]): TextReading => ({
  text: false,
  texts: new Set(values.filter(value => typeof value === 'string')),
  number: values.some(value => typeof value === 'number'),
  boolean: values.some(value => typeof value === 'boolean'),
  null: values.includes(null),
})

/** The reading of a place to which either of two schemas may apply. */
export const either = (a: TextReading, b: TextReading): TextReading => ({
  text: a.text || b.text,
  texts: a.texts.union(b.texts),
  number: a.number || b.number,
  boolean: a.boolean || b.boolean,
  null: a.null || b.null,
})

const both = (a: TextReading, b: TextReading): TextReading => ({
  text: a.text && b.text,
  texts: a.text ? b.texts : b.text ? a.texts : a.texts.intersection(b.texts),
  number: a.number && b.number,
  boolean: a.boolean && b.boolean,
  null: a.null && b.null,
})
