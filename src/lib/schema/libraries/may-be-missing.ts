import type { CompiledSchema, Validated } from '../compiled-schema.ts'
import { factsOf } from './libraries.ts'
import type { SchemaSide } from './library-facts.ts'

/**
 * Whether a value may be missing: on the way in, where the schema accepts undefined; on the way out, where it turns
 * undefined into undefined. The validation itself is asked, since JSON Schema has no word for it.
 */
export function mayBeMissing(schema: CompiledSchema, side: SchemaSide): boolean {
  const result = ofNothing(schema)
  if (!(result instanceof Promise))
    return result.issues === undefined && (side === 'input' || result.value === undefined)
  // Its result comes too late.
  result.catch(() => {})
  return factsOf(schema.vendor).mayBeMissing?.(schema.source, side) ?? false
}

function ofNothing(schema: CompiledSchema): Validated | Promise<Validated> {
  try {
    return schema.validate(undefined)
  } catch {
    // A check of the user's that throws for undefined does not accept it.
    return { issues: [] }
  }
}
