import type { Ajv2020 as Ajv, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { parseJsonPointer } from '../../json/json-pointer.ts'
import { type Issue, UNDECLARED, type Validated } from '../issue.ts'
import { asJsonSchema, type JsonSchema } from '../json-schema.ts'

/** A schema of ours, which is given as a JSON Schema; `T` says the same as a type. */
export interface DescribedSchema<T> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'ringback'
    readonly types?: { readonly input: T; readonly output: T } | undefined
    readonly validate: (value: unknown) => Validated | Promise<Validated>
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>
      readonly output: () => Record<string, unknown>
    }
  }
}

/**
 * A schema for operations of our own, which cannot know whether a schema library is there. Schemas with `$id` become
 * components of the document, wherever they stand. `missing` is what stands for nothing, where nothing may be sent.
 */
export function describedSchema<T>(json: JsonSchema, missing?: T): DescribedSchema<T> {
  const described = () => structuredClone({ ...json })
  let check: ValidateFunction | undefined
  const validate = (value: unknown): Validated | Promise<Validated> => {
    if (value === undefined && missing !== undefined) return { value: missing }
    if (check !== undefined) return validated(check, value)
    return loadAjv().then(ajv => {
      check ??= ajv.compile(withoutIds(json) as JsonSchema)
      return validated(check, value)
    })
  }
  return Object.freeze({
    '~standard': Object.freeze({
      version: 1,
      vendor: 'ringback',
      validate,
      jsonSchema: { input: described, output: described },
    }),
  })
}

let loading: Promise<Ajv> | undefined

/** Ajv is loaded for the first value: most applications have no such operations. */
async function loadAjv(): Promise<Ajv> {
  loading ??= import('ajv/dist/2020.js').then(
    ({ Ajv2020 }) =>
      new Ajv2020({
        ...{ allErrors: true, strict: false, addUsedSchema: false, logger: false },
        formats: { 'date-time': isDateTime, uri: true, 'uri-reference': true },
      }),
  )
  return loading
}

/** The name of a schema is one for the document; to Ajv it would be an address. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds)
  const schema = asJsonSchema(value)
  if (schema === undefined) return value
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, member]) =>
      name === '$id' && typeof member === 'string' ? [] : [[name, withoutIds(member)]],
    ),
  )
}

function validated(check: ValidateFunction, value: unknown): Validated {
  if (check(value)) return { value }
  return { issues: (check.errors ?? []).flatMap(issueOf) }
}

function issueOf(error: ErrorObject): Issue[] {
  const { instancePath, keyword, params, message = 'is not valid', propertyName } = error
  const path = parseJsonPointer(instancePath)
  switch (keyword) {
    case 'required':
      return [{ path: [...path, String(params['missingProperty'])], message: 'It is required' }]
    case 'additionalProperties':
      return [{ path: [...path, String(params['additionalProperty'])], message: UNDECLARED }]
    // What is wrong with the name is told by an error of its own.
    case 'propertyNames':
      return []
    case 'type':
      return [{ path, message: `It must be ${[params['type']].flat().map(wordOf).join(' or ')}` }]
    case 'format':
      return [{ path, message: 'It must be a time of RFC 3339, such as 2026-01-31T12:00:00Z' }]
    case 'enum':
      return [{ path, message: `It must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}` }]
    default:
      return propertyName === undefined
        ? [{ path, message: `It ${message}` }]
        : [{ path: [...path, propertyName], message: `Its name ${message}`, mistake: NAME }]
  }
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'a boolean',
  array: 'a list',
  object: 'an object',
}

const wordOf = (type: unknown): string => WORDS[String(type)] ?? String(type)

const NAME = { code: 'invalid', wantsBoolean: false } as const

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/

/** Whether the text is a time of RFC 3339, on a day that there is. */
export function isDateTime(text: string): boolean {
  const [, day, time] = DATE_TIME.exec(text) ?? []
  if (day === undefined || Number.isNaN(Date.parse(text.toUpperCase()))) return false
  const utc = new Date(`${day}T${time}Z`)
  return !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(day)
}
