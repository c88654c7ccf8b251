import type { StaticDecode, StaticEncode, TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import { once } from '../../once.ts'
import { MANY_ISSUES, type Validated } from '../issue.ts'
import { asJsonSchema, type JsonSchema } from '../json-schema.ts'
import { setOwn } from '../own-property.ts'
import { refuseCycle } from '../refuse-cycle.ts'
import { compileTypeBox } from './typebox-compile.ts'
import { typeboxIssues } from './typebox-issues.ts'
import { typeboxJsonSchema } from './typebox-json-schema.ts'

/** A TypeBox schema with the two standard interfaces: what `typebox` gives. */
export interface TypeBoxSchema<T extends TSchema> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'typebox'
    readonly types?: { readonly input: StaticEncode<T>; readonly output: StaticDecode<T> } | undefined
    readonly validate: (
      value: unknown,
    ) => { readonly value: StaticDecode<T>; readonly issues?: undefined } | Extract<Validated, { issues: object }>
    readonly jsonSchema: {
      readonly input: (options: { readonly target: string }) => Record<string, unknown>
      readonly output: (options: { readonly target: string }) => Record<string, unknown>
    }
  }
}

/**
 * Turns a TypeBox 1 schema into one that Ringback takes: compiles it and adds Standard Schema and Standard JSON Schema.
 * Types are inferred from the TypeBox schema. A schema that TypeBox cannot compile, such as one with an invalid
 * `pattern`, is a `DefinitionError` where it is used.
 *
 * A property with a `default` may be missing in what is received, and is always present afterwards. Undeclared
 * properties are removed from what is sent, unless the object says `additionalProperties: true`. `$id` names a
 * component of the document. A `Type.Codec` can be received, but not sent, since what it decodes to has no JSON Schema.
 * Needs the package `typebox`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { typebox } from 'ringback/typebox'
 * import Type from 'typebox'
 *
 * const Invoice = typebox(
 *   Type.Object({ id: Type.String(), customer: Type.String(), total: Type.Number() }, { $id: 'Invoice' }),
 * )
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.post('/invoices/', { body: Invoice, response: Invoice }, async ({ body }) => body)
 * ```
 */
export function typebox<const T extends TSchema>(schema: T): TypeBoxSchema<T> {
  const json = asJsonSchema(schema) ?? {}
  // Compiled later, so that an error in the schema is reported where it is used.
  const prepare = once(() => {
    refuseCycle(schema)
    return { validator: compileTypeBox(schema), fills: holds(json, 'default'), decodes: holds(json, '~codec') }
  })
  const validate = (value: unknown) => {
    const { validator, fills, decodes } = prepare()
    const filled = fills ? validator.Default(copyOf(value)) : value
    if (!validator.Check(filled)) {
      const errors = errorsOf(filled)
      return { issues: typeboxIssues(json, filled, errors), found: errors.length }
    }
    return { value: (decodes ? validator.Decode(filled) : filled) as StaticDecode<T> }
  }
  const errorsOf = (value: unknown) => withAllErrors(() => prepare().validator.Errors(value))
  const compiled = {
    '~standard': {
      version: 1,
      vendor: 'typebox',
      validate,
      jsonSchema: {
        input: () => typeboxJsonSchema(json, 'input'),
        output: () => typeboxJsonSchema(json, 'output'),
      },
    },
    '~prepare': prepare,
    /** Not where defaults are filled in: that would need a copy of the value. */
    get '~allows'() {
      const { fills, validator } = prepare()
      return fills ? undefined : (value: unknown) => validator.Check(value)
    },
  } as const
  return compiled
}

/**
 * The copy that defaults are filled into. In TypeBox's own clone objects would inherit again, even where the value's do
 * not.
 */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (typeof value !== 'object' || value === null) return value
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== null && prototype !== Object.prototype) return value
  const copy = Object.create(prototype) as Record<string, unknown>
  for (const [name, inner] of Object.entries(value)) setOwn(copy, name, copyOf(inner))
  return copy
}

/** TypeBox has one global limit of errors. */
function withAllErrors<R>(read: () => R): R {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: MANY_ISSUES + 1 })
  try {
    return read()
  } finally {
    Settings.Set({ maxErrors })
  }
}

/** Whether the schema has the keyword anywhere, as a keyword or as one of TypeBox's hidden marks. */
function holds(schema: JsonSchema, keyword: string): boolean {
  if (Object.hasOwn(schema, keyword)) return true
  const inner = Object.values(schema).flatMap(value => (Array.isArray(value) ? (value as unknown[]) : [value]))
  return inner.some(value => {
    const nested = asJsonSchema(value)
    return nested !== undefined && holds(nested, keyword)
  })
}
