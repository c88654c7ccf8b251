import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { setOwn } from './own-property.ts'
import { refuseCycle } from './refuse-cycle.ts'
import { SUBSCHEMAS } from './subschemas.ts'

/**
 * A conversion without the defaults that are functions: each call may give another value, and the document would differ
 * at every start. The libraries call them during the conversion, so a second conversion on another day shows which they
 * are.
 */
export function withSteadyDefaults(convert: () => JsonSchema): JsonSchema {
  const first = convert()
  refuseCycle(first)
  const text = JSON.stringify(first)
  if (!text.includes('"default":')) return first
  const second = onAnotherDay(convert)
  return text === JSON.stringify(second) ? first : withoutDifferences(first, second)
}

function withoutDifferences(first: JsonSchema, second: JsonSchema | undefined): JsonSchema {
  const kept: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(first)) {
    const other = second?.[keyword]
    const isMap = keyword === '$defs' || keyword === 'definitions' || SUBSCHEMAS[keyword] === 'map'
    if (keyword === 'default' && JSON.stringify(value) !== JSON.stringify(other)) continue
    setOwn(kept, keyword, isMap || keyword in SUBSCHEMAS ? withoutDifferencesIn(value, other, isMap) : value)
  }
  return kept
}

function withoutDifferencesIn(value: unknown, other: unknown, isMap: boolean): unknown {
  if (Array.isArray(value))
    return value.map((item, index) =>
      withoutDifferencesIn(item, Array.isArray(other) ? other[index] : undefined, false),
    )
  const schema = asJsonSchema(value)
  if (schema === undefined) return value
  if (!isMap) return withoutDifferences(schema, asJsonSchema(other))
  const kept: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(schema))
    setOwn(kept, name, withoutDifferencesIn(inner, asJsonSchema(other)?.[name], false))
  return kept
}

/** Days, hours and milliseconds that change every part of a date. */
const ANOTHER_DAY_MS = 430 * 86_400_000 + 5 * 3_600_000 + 61_001

function onAnotherDay<T>(run: () => T): T {
  const Today = Date
  class Shifted extends Today {
    constructor(...parts: unknown[]) {
      super(...((parts.length === 0 ? [Shifted.now()] : parts) as []))
    }
    static override now(): number {
      return Today.now() + ANOTHER_DAY_MS
    }
  }
  globalThis.Date = Shifted as DateConstructor
  try {
    return run()
  } finally {
    globalThis.Date = Today
  }
}
