import { DefinitionError } from '../definition/definition-error.ts'
import { isThenable } from '../is-thenable.ts'
import { once } from '../once.ts'
import { type Beginning, beginningOf, wrongBeginningOf } from './beginning.ts'
import { CodeReader } from './codes/code-reader.ts'
import { declaresInherited, withoutInherited } from './inherited-names.ts'
import { type Issue, levelIssues, MANY_ISSUES, MOST_PLACES, pathOf, type Refused, type Validated } from './issue.ts'
import type { JsonSchema } from './json-schema.ts'
import { factsOf } from './libraries/libraries.ts'
import type { LibraryFacts, SchemaSide } from './libraries/library-facts.ts'
import { listsAsObjects } from './libraries/lists-as-objects.ts'
import { normaliseJsonSchema } from './normalise-json-schema.ts'
import type { Schema, WrappedSchema } from './schema.ts'
import { SchemaNameError } from './schema-definitions.ts'
import { isStackOverflow } from './stack-overflow.ts'
import { withSteadyDefaults } from './steady-defaults.ts'
import { withoutUndefined } from './without-undefined.ts'

export type { Issue, Validated } from './issue.ts'

/** A schema compiled at definition: its validation and its two JSON Schemas. */
export interface CompiledSchema {
  /** The object the user gave; its identity is the schema's identity. */
  readonly source: Schema
  readonly vendor: string
  /**
   * Synchronous where the library is; only an asynchronous check gives a promise. Issues are the same for all
   * libraries: one for each place, in the order of the places.
   */
  validate(value: unknown): Validated | Promise<Validated>
  /** What it accepts. Throws a `DefinitionError` where that cannot be described. */
  readonly input: JsonSchema
  /** What it gives back. Throws a `DefinitionError` where that cannot be described. */
  readonly output: JsonSchema
}

interface StandardProperties {
  readonly vendor: string
  validate(value: unknown): Validated | Promise<Validated>
  readonly jsonSchema: Record<
    SchemaSide,
    (options: { target: string; libraryOptions?: object }) => Record<string, unknown>
  >
}

/** A compiled schema. `describe` takes the place of the use in question, for its messages. */
interface Entry {
  readonly schema: CompiledSchema
  describe(side: SchemaSide, place: string): JsonSchema
}

const entries = new WeakMap<object, Entry>()

/**
 * Compiles a schema. `place` says in words where it stands: a schema without a JSON Schema form is an error here that
 * names it, and not an empty schema in the document. `sides` are the sides that are used: a body that becomes a `Date`
 * on its way in need not be described on its way out.
 */
export function compileSchema(
  schema: Schema,
  place: string,
  sides: readonly SchemaSide[] = ['input', 'output'],
): CompiledSchema {
  const entry = entries.get(schema) ?? compile(schema, place)
  entries.set(schema, entry)
  for (const side of sides) entry.describe(side, place)
  return entry.schema
}

function compile(source: Schema, firstPlace: string): Entry {
  const inner = (source as Partial<WrappedSchema<Schema>> | undefined)?.['~wraps']
  return inner === undefined ? compileOwn(source, firstPlace) : compileWrapped(source, inner, firstPlace)
}

function compileWrapped(source: Schema, wrapped: Schema, firstPlace: string): Entry {
  const inner = compileSchema(wrapped, firstPlace, [])
  const { describe } = entries.get(wrapped)!
  const schema = Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(inner), source: { value: source } })
  return { schema: Object.freeze(schema as CompiledSchema), describe }
}

function compileOwn(source: Schema, firstPlace: string): Entry {
  const standard = standardOf(source, firstPlace)
  const facts = factsOf(standard.vendor)
  prepare(source, facts, firstPlace)
  const described: { [S in SchemaSide]?: JsonSchema } = {}
  const library = { source, standard, facts }
  const describe = (side: SchemaSide, place: string) => (described[side] ??= convert(library, side, place))
  const schema: CompiledSchema = Object.freeze({
    source,
    vendor: standard.vendor,
    validate: validation(library, described, () => describe('input', firstPlace)),
    get input() {
      return describe('input', firstPlace)
    },
    get output() {
      return describe('output', firstPlace)
    },
  })
  return { schema, describe }
}

function prepare(source: Schema, facts: LibraryFacts, place: string): void {
  try {
    facts.prepare?.(source)
  } catch (cause) {
    const reason = isStackOverflow(cause)
      ? 'It is too large or nested too deeply for its library; build it from smaller parts'
      : (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
    throw new DefinitionError(`The ${place} cannot be compiled: ${reason}`, { cause })
  }
}

function standardOf(schema: Schema, place: string): StandardProperties {
  const standard = (schema as { '~standard'?: Partial<StandardProperties> } | undefined)?.['~standard']
  if (standard?.validate === undefined || standard.vendor === undefined)
    throw new DefinitionError(
      `The ${place} is not a schema: give a Zod, ArkType or Valibot schema, or typebox(schema) from "ringback/typebox"`,
    )
  if (standard.jsonSchema === undefined)
    throw new DefinitionError(
      `The ${place} has no JSON Schema form ("~standard.jsonSchema" of "${standard.vendor}" is missing): ${factsOf(standard.vendor).missing}`,
    )
  return standard as StandardProperties
}

interface Library {
  readonly source: Schema
  readonly standard: StandardProperties
  readonly facts: LibraryFacts
}

function convert({ source, standard, facts }: Library, side: SchemaSide, place: string): JsonSchema {
  try {
    const libraryOptions = facts.options?.(side, source)
    const options = { target: 'draft-2020-12', ...(libraryOptions && { libraryOptions }) }
    const json = () => facts.convert?.(source, side) ?? standard.jsonSchema[side](options)
    return normaliseJsonSchema(withSteadyDefaults(json), facts)
  } catch (cause) {
    throw new DefinitionError(`The ${place} cannot be described in JSON Schema: ${reasonOf(cause, facts)}`, { cause })
  }
}

/** The cause and the remedy. Another type helps only where a type is at fault. */
function reasonOf(cause: unknown, { remedy }: LibraryFacts): string {
  if (isStackOverflow(cause))
    return 'It is nested without end; let a recursive schema refer to itself, the way its library does it, instead of creating itself again'
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
  if (cause instanceof SchemaNameError) return reason
  return /^Duplicate schema id/.test(reason)
    ? `${reason}; give one of the schemas another name`
    : `${reason}; ${remedy}`
}

function validation(
  library: Library,
  described: { readonly [S in SchemaSide]?: JsonSchema },
  input: () => JsonSchema,
): CompiledSchema['validate'] {
  const { standard, facts } = library
  const { undeclaredIn, refusesUndefined } = facts
  const undeclared = undeclaredIn && ((issue: Issue) => undeclaredIn(issue, input))
  const codes = once(() => whereDescribed(input, root => new CodeReader(root)))
  const refuse = ({ issues, found = issues.length }: Refused, value: unknown): Refused => ({
    issues: withMistakes(levelIssues(issues, value, undeclared), value, codes()),
    ...(found > MOST_PLACES && { found }),
  })
  const lists = once(() => (facts.takesLists ? whereDescribed(input, listsAsObjects) : undefined))
  const judged = (result: Validated, value: unknown): Validated => {
    if (result?.issues !== undefined) return refuse(result, value)
    const misplaced = typeof value === 'object' ? lists()?.(value) : undefined
    if (misplaced !== undefined && misplaced.length > 0) return refuse({ issues: misplaced }, value)
    // A result with neither value nor issues must not pass as valid.
    if (typeof result !== 'object' || result === null || !('value' in result))
      throw new TypeError(noResultText(standard))
    return result
  }
  const run = (value: unknown): Validated | Promise<Validated> => {
    const result = wrongBeginning(value, library) ?? standard.validate(value)
    if (!isThenable(result)) return judged(result, value)
    return Promise.resolve(result).then(settled => judged(settled, value), tooDeep)
  }
  const runTwice = (value: unknown) => {
    const result = run(value)
    if (result instanceof Promise || result.issues === undefined) return result
    const present = withoutUndefined(value)
    return present === value ? result : run(present)
  }
  const attempt = refusesUndefined === true ? runTwice : run
  const isMisled = once(() => declaresInherited(Object.values(described)))
  return value => {
    try {
      return isMisled() ? withoutInherited(value, attempt) : attempt(value)
    } catch (thrown) {
      return tooDeep(thrown)
    }
  }
}

/** A schema that is used for its output only may have an input that cannot be described. */
function whereDescribed<T>(input: () => JsonSchema, make: (root: JsonSchema) => T): T | undefined {
  try {
    return make(input())
  } catch {
    return undefined
  }
}

/** What was known of an issue before stays. */
function withMistakes(issues: readonly Issue[], value: unknown, codes: CodeReader | undefined): Issue[] {
  return issues.map(issue => ({ ...issue, mistake: issue.mistake ?? codes?.refusal(value, pathOf(issue)) }))
}

const noResultText = ({ vendor }: StandardProperties): string =>
  `A schema of "${vendor}" returned neither a value nor issues; see "validate" of Standard Schema`

/** A value with more values than this has its beginning validated first. */
const FEW_VALUES = 3_000

/**
 * What is wrong with the beginning of a large value, where that is enough. No library stops by itself, and a body full
 * of mistakes would hold up all other requests for seconds. Issues that the cut may have caused are left out.
 */
function wrongBeginning(value: unknown, { source, standard, facts }: Library): Refused | undefined {
  try {
    const refused = refusedIn(beginningOf(value, FEW_VALUES), standard)
    if (refused === undefined || refused.found > MANY_ISSUES) return refused
    const allows = facts.allows?.(source)
    if (allows === undefined) return undefined
    const first = refusedIn(wrongBeginningOf(value, allows), standard)
    return first !== undefined && first.issues.length > 0 ? first : undefined
  } catch {
    // The value is too deep to be cut, or a check of the user's fails on a value that was cut.
    return undefined
  }
}

function refusedIn(beginning: Beginning | undefined, standard: StandardProperties): Required<Refused> | undefined {
  const result = beginning && standard.validate(beginning.value)
  if (isThenable(result)) Promise.resolve(result).catch(() => {})
  if (beginning === undefined || result === undefined || isThenable(result)) return undefined
  const issues: Issue[] = []
  // ArkType's list of issues is a class of its own, and `filter` would construct another.
  for (const issue of result.issues ?? []) if (!beginning.isCut(pathOf(issue))) issues.push(issue)
  const found = result.issues === undefined ? 0 : (result.found ?? 0)
  return { issues, found: issues.length === 0 ? 0 : Math.max(found, issues.length) }
}

function tooDeep(thrown: unknown): Validated {
  if (!isStackOverflow(thrown)) throw thrown
  return { issues: [{ path: [], message: 'The value is nested too deeply' }] }
}
