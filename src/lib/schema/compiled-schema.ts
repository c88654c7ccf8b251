import { DefinitionError } from '../definition-error.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Schema } from './schema.ts'

/** One thing that is wrong with a value, as Standard Schema reports it. */
export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What validation gives: the value, or what is wrong with it. */
export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

/** A schema made ready at definition: its validation and its two JSON Schemas. */
export interface CompiledSchema {
  /** The object the user gave; its identity is the schema's identity. */
  readonly source: Schema
  readonly vendor: string
  /** Answers at once where the library can; only an asynchronous check gives a promise. */
  validate(value: unknown): Validated | Promise<Validated>
  /** What it accepts. */
  readonly input: JsonSchema
  /** What it gives back. */
  readonly output: JsonSchema
}

interface StandardProperties {
  readonly vendor: string
  readonly validate?: (value: unknown) => Validated | Promise<Validated>
  readonly jsonSchema?: Record<'input' | 'output', (options: { target: string }) => Record<string, unknown>>
}

const compiled = new WeakMap<object, CompiledSchema>()

/**
 * Makes a schema ready. `place` says in words where it stands, for the error that a schema without a JSON Schema form
 * gets here instead of an empty schema in the document.
 */
export function compileSchema(schema: Schema, place: string): CompiledSchema {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const standard = standardOf(schema, place)
  const made: CompiledSchema = Object.freeze({
    source: schema,
    vendor: standard.vendor,
    validate: standard.validate,
    input: convert(standard, 'input', place),
    output: convert(standard, 'output', place),
  })
  compiled.set(schema, made)
  return made
}

function standardOf(schema: Schema, place: string): Required<StandardProperties> {
  const standard = (schema as { '~standard'?: StandardProperties } | undefined)?.['~standard']
  if (standard?.validate === undefined)
    throw new DefinitionError(`The ${place} is not a schema: give a schema of Zod, ArkType, Valibot or TypeBox`)
  if (standard.jsonSchema === undefined)
    throw new DefinitionError(
      `The ${place} has no JSON Schema form ("~standard.jsonSchema" of "${standard.vendor}" is missing): ${remedies[standard.vendor] ?? 'use a library that implements Standard JSON Schema'}`,
    )
  return { vendor: standard.vendor, validate: standard.validate, jsonSchema: standard.jsonSchema }
}

const remedies: Readonly<Record<string, string>> = {
  valibot: 'wrap it in toStandardJsonSchema() of "@valibot/to-json-schema"',
  zod: 'use Zod 4.2 or later',
}

function convert(standard: Required<StandardProperties>, side: 'input' | 'output', place: string): JsonSchema {
  let json: Record<string, unknown>
  try {
    json = standard.jsonSchema[side]({ target: 'draft-2020-12' })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DefinitionError(
      `The ${place} cannot be described in JSON Schema: ${reason}; use a type that JSON has, such as text with a format`,
      { cause },
    )
  }
  const { $schema: _, ...rest } = json
  return rest
}
