import { generate } from 'json-schema-faker'
import type { JsonSchema } from '../../schema/json-schema.ts'
import type { ValueCheck } from './value-check.ts'

/** Where an example comes from: the document, or its schema. */
export interface ExampleValue {
  readonly value: unknown
  readonly source: 'document' | 'schema'
  /** Whether the schema allows it; where nothing valid was found, it is the best there is. */
  readonly isValid: boolean
}

const attempts = 12
const small = { maxDefaultItems: 1, failOnInvalidTypes: false } as const
/** How many references are followed inside of each other: many of what is required, few of what may lead on and on. */
const depths = [3, 5, 4]
const depthOfRequired = 16

/**
 * An example that the schema allows: the first of those that the document gives and that is valid, else one made of the
 * schema, of its own examples and defaults where it has some. The same schema always gives the same.
 */
export async function exampleValue(
  schema: JsonSchema | undefined,
  examples: readonly unknown[],
  check: ValueCheck,
): Promise<ExampleValue> {
  const given = examples.find(example => check(example).length === 0)
  if (given !== undefined) return { value: given, source: 'document', isValid: true }
  if (schema === undefined) return { value: examples[0] ?? {}, source: 'document', isValid: true }
  let last: unknown
  for (let seed = 1; seed <= attempts; seed += 1) {
    // Examples of parts may contradict each other, and what is optional may be impossible.
    const isFirst = seed <= attempts / 3
    const isFull = seed <= (attempts * 2) / 3
    const depth = isFull ? depths[seed % depths.length]! : depthOfRequired
    const optional = isFull ? { alwaysFakeOptionals: true } : { optionalsProbability: 0 }
    const reach = { maxDepth: depth, refDepthMax: depth }
    const options = { ...small, ...optional, ...reach, seed, useExamplesValue: isFirst, useDefaultValue: isFirst }
    last = await generate({ ...schema }, options).catch(() => last)
    if (last !== undefined && check(last).length === 0) return { value: last, source: 'schema', isValid: true }
  }
  return { value: last ?? examples[0] ?? {}, source: 'schema', isValid: false }
}
