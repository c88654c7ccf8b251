import type { CompiledSchema } from '../compiled-schema.ts'
import { MANY_ISSUES, type Validated } from '../issue.ts'
import { compileJsonCoercion } from './coerce-json.ts'

/** Validates a value. With `coerce`, text that should be a number or boolean is decoded if the validation fails. */
export type CheckJson = (value: unknown, coerce: boolean) => Validated | Promise<Validated>

/** Compiles the validation of a body; one that is not JSON is never decoded. */
export function compileJsonCheck(schema: CompiledSchema, isJson: boolean): CheckJson {
  if (!isJson) return value => schema.validate(value)
  const coercion = compileJsonCoercion(schema.input)
  const again = (value: unknown, result: Validated): Validated | Promise<Validated> => {
    if (!mayBeText(result)) return result
    const coerced = coercion(value)
    return coerced === value ? result : schema.validate(coerced)
  }
  return (value, coerce) => {
    const result = schema.validate(value)
    if (result instanceof Promise) return coerce ? result.then(settled => again(value, settled)) : result
    return coerce ? again(value, result) : result
  }
}

/**
 * A body with very many mistakes is not one with numbers written as text, and a second validation would double the
 * time.
 */
const mayBeText = ({ issues, found = 0 }: Validated & { readonly found?: number }): boolean =>
  issues !== undefined && found <= MANY_ISSUES
