import { type Issue, type IssuePath, pathOf } from '../issue.ts'
import { type JsonSchema, propertiesOf } from '../json-schema.ts'
import { schemaAtPointer } from '../schema-at-pointer.ts'
import type { LibraryFacts, SchemaSide } from './library-facts.ts'

interface OverriddenAction {
  readonly valibotAction: { readonly kind: string; readonly type: string; readonly requirement?: unknown }
  readonly jsonSchema: object
  readonly errors?: readonly string[] | undefined
}

interface OverriddenSchema {
  readonly valibotSchema: {
    readonly type: string
    readonly entries?: Readonly<Record<string, { readonly type: string; readonly default?: unknown }>>
  }
  readonly jsonSchema: Readonly<Record<string, unknown>>
  readonly errors?: readonly string[] | undefined
}

/**
 * Valibot 1 through `toStandardJsonSchema` of `@valibot/to-json-schema`. Components are named by
 * `v.metadata({ id: 'Invoice' })` in a pipe.
 */
export const valibotFacts: LibraryFacts = {
  madeUpName: /^\d+$/,
  nameKeyword: 'id',
  remedy:
    'use a type that JSON has, such as v.pipe(v.string(), v.isoTimestamp()), let a schema follow v.transform(), or use v.unknown() where anything is allowed',
  missing: 'wrap it in toStandardJsonSchema() of "@valibot/to-json-schema"',
  takesLists: true,
  options: side => ({
    overrideAction: describeLess,
    overrideSchema: (given: OverriddenSchema) => describe(given, side),
  }),
  undeclaredIn,
}

/** Transformations whose output has the type of their input. */
const SAME_TYPE: ReadonlySet<string> = new Set([
  'brand',
  'filter_items',
  'flavor',
  'normalize',
  'readonly',
  'sort_items',
  'to_lower_case',
  'to_max_value',
  'to_min_value',
  'to_upper_case',
  'trim',
  'trim_end',
  'trim_start',
])

/** A check that JSON Schema cannot express is left out of the description, as in the other libraries. */
function describeLess({ valibotAction, jsonSchema, errors }: OverriddenAction): object | undefined {
  const { kind, type, requirement } = valibotAction
  const ofFile = fileKeywords(type, requirement)
  if (ofFile !== undefined) return { ...jsonSchema, ...ofFile }
  const says = kind === 'transformation' ? SAME_TYPE.has(type) : true
  return errors !== undefined && says ? jsonSchema : undefined
}

/** What an action demands of a file. */
function fileKeywords(type: string, requirement: unknown): object | undefined {
  if (type === 'min_size') return { minLength: requirement }
  if (type === 'max_size') return { maxLength: requirement }
  if (type !== 'mime_type' || !Array.isArray(requirement)) return undefined
  const types = requirement.map(one => ({ contentMediaType: one as unknown }))
  return types.length === 1 ? types[0] : { anyOf: types }
}

function describe({ valibotSchema, jsonSchema }: OverriddenSchema, side: SchemaSide): object | undefined {
  switch (valibotSchema.type) {
    case 'file':
    case 'blob':
      return { type: 'string', format: 'binary' }
    // The conversion refuses keys from a list, although `propertyNames` describes them fully.
    case 'record':
      return jsonSchema
    case 'loose_object':
    case 'object':
    case 'strict_object':
    case 'object_with_rest':
      return describeObject({ valibotSchema, jsonSchema }, side)
    default:
      return undefined
  }
}

/** An object that is open on purpose says so, and a property with a default is always present on the way out. */
function describeObject({ valibotSchema, jsonSchema }: OverriddenSchema, side: SchemaSide): object {
  const entries = Object.entries(valibotSchema.entries ?? {})
  const filled = entries.filter(([, entry]) => OPTIONAL.has(entry.type) && entry.default !== undefined)
  const required = [
    ...((jsonSchema['required'] as string[] | undefined) ?? []),
    ...(side === 'output' ? filled.map(([name]) => name) : []),
  ]
  return {
    ...jsonSchema,
    required: entries.map(([name]) => name).filter(name => required.includes(name)),
    ...(valibotSchema.type === 'loose_object' && { additionalProperties: {} }),
  }
}

const OPTIONAL: ReadonlySet<string> = new Set(['optional', 'nullish', 'exact_optional'])

/** A strict object reports the first undeclared name only. */
function undeclaredIn(issue: Issue, input: () => JsonSchema): Iterable<IssuePath> | undefined {
  const { type, expected } = issue as { type?: unknown; expected?: unknown }
  const step: unknown = issue.path?.at(-1)
  if (type !== 'strict_object' || expected !== 'never' || typeof step !== 'object' || step === null) return undefined
  const parent = (step as { input?: unknown }).input
  const path = pathOf(issue)
  const outer = path.slice(0, -1)
  const found = schemaAtPointer(input(), outer.map(String))
  if (typeof parent !== 'object' || parent === null || found.kind !== 'found') return [path]
  const declared = propertiesOf(found.schema, input())
  return Object.keys(parent).some(name => !declared.has(name)) ? placesUnder(outer, parent, declared) : [path]
}

function* placesUnder(outer: IssuePath, parent: object, declared: ReadonlyMap<string, unknown>): Generator<IssuePath> {
  for (const name in parent) if (Object.hasOwn(parent, name) && !declared.has(name)) yield [...outer, name]
}
