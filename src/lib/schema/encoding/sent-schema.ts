import { DefinitionError } from '../../definition/definition-error.ts'
import { type CompiledSchema, compileSchema } from '../compiled-schema.ts'
import { levelIssues, type Validated } from '../issue.ts'
import { factsOf } from '../libraries/libraries.ts'
import type { Encode } from '../libraries/library-facts.ts'
import type { Schema, WrappedSchema } from '../schema.ts'

const compiledSchemas = new WeakMap<object, CompiledSchema>()

/**
 * Compiles the schema of what is sent. Where it has codecs, validation is the library's own encoding, and both sides
 * describe the encoded form, so that one schema reads as it is written. Throws a `DefinitionError` that names the place.
 */
export function compileSent(schema: Schema, place: string): CompiledSchema {
  const { '~wraps': wrapped } = schema as Partial<WrappedSchema<Schema>>
  if (wrapped !== undefined) return compileSent(wrapped, place)
  const known = compiledSchemas.get(schema)
  if (known !== undefined) return known
  const compiled = compileSchema(schema, place, [])
  const encode = encodingOf(compiled, place)
  if (encode === undefined) return compileSchema(schema, place, ['output'])
  compileSchema(schema, place, ['input'])
  const sent: CompiledSchema = Object.freeze({
    source: schema,
    vendor: compiled.vendor,
    validate: encoding(encode, compiled),
    input: compiled.input,
    output: compiled.input,
  })
  compiledSchemas.set(schema, sent)
  return sent
}

function encodingOf({ source, vendor }: CompiledSchema, place: string): Encode | undefined {
  try {
    return factsOf(vendor).encoding?.(source)
  } catch (cause) {
    throw new DefinitionError(`The ${place} cannot be encoded: ${(cause as Error).message}`, { cause })
  }
}

/** A value that is encoded already, or lacks what a default would give, is decoded first. */
function encoding(encode: Encode, { validate }: CompiledSchema): CompiledSchema['validate'] {
  const level = (result: Validated, value: unknown): Validated =>
    result.issues === undefined ? result : { issues: levelIssues(result.issues, value) }
  const encodeDecoded = async (first: Validated, value: unknown): Promise<Validated> => {
    const decoded = await validate(value)
    return decoded.issues === undefined ? encode(decoded.value) : level(first, value)
  }
  return value => {
    const first = encode(value)
    if (first instanceof Promise)
      return first.then(result => (result.issues === undefined ? result : encodeDecoded(result, value)))
    return first.issues === undefined ? first : encodeDecoded(first, value)
  }
}
