import { asJsonSchema, type JsonSchema } from '../schema/json-schema.ts'

/**
 * The output side without the `additionalProperties: false` that the input side does not have: a library tells by it
 * that it removes what is undeclared, while to a reader it would say that a later version may never add anything.
 */
export function openOutput(output: JsonSchema, input: JsonSchema): JsonSchema {
  const counterpart: Readonly<Record<string, unknown>> = input
  const kept = Object.entries(output).filter(
    ([keyword, value]) => !(keyword === 'additionalProperties' && value === false && !(keyword in counterpart)),
  )
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, openValue(value, counterpart[keyword])]))
}

function openValue(output: unknown, input: unknown): unknown {
  if (Array.isArray(output))
    return output.map((item, index) => openValue(item, Array.isArray(input) ? input[index] : undefined))
  const [from, to] = [asJsonSchema(output), asJsonSchema(input)]
  return from !== undefined && to !== undefined ? openOutput(from, to) : output
}
