import type { CompiledSchema, Validated } from '../compiled-schema.ts'
import { factsOf } from './libraries.ts'
import type { SchemaSide } from './library-facts.ts'

/**
 * Whether a value may be missing: on the way in, where the schema takes nothing for one; on the way out, where it gives
 * nothing for nothing. Asked of the validation itself, since JSON Schema has no word for it.
 */
export function mayBeMissing(schema: CompiledSchema, side: SchemaSide): boolean {
  const result = ofNothing(schema)
  if (!(result instanceof Promise))
    return result.issues === undefined && (side === 'input' || result.value === undefined)
  // What will be said of it is known too late.
  result.catch(() => {})
  return factsOf(schema.vendor).mayBeMissing?.(schema.source, side) ?? false
}

function ofNothing(schema: CompiledSchema): Validated | Promise<Validated> {
  try {
    return schema.validate(undefined)
  } catch {
    // A check of the user's that does not bear nothing does not take it.
    return { issues: [] }
  }
}
