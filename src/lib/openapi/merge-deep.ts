import { asJsonSchema } from '../schema/json-schema.ts'

type Members = Readonly<Record<string, unknown>>

/** `base` with the members of `over` merged into it. Objects are merged at every depth; anything else is replaced. */
export function mergeDeep(base: Members, over: Members): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const here = asJsonSchema(merged[name])
    const there = asJsonSchema(value)
    merged[name] = here !== undefined && there !== undefined ? mergeDeep(here, there) : value
  }
  return merged
}
