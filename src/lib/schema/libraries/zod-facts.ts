import { type Issue, type IssuePath, pathOf } from '../issue.ts'
import type { LibraryFacts, SchemaSide } from './library-facts.ts'
import { zodEncoding } from './zod-encoding.ts'

interface ZodDefinition {
  readonly type: string
  readonly catchall?: { readonly _zod: { readonly def: ZodDefinition } } | undefined
}

interface ZodSchema {
  readonly _zod: {
    readonly def: ZodDefinition
    readonly optin?: string | undefined
    readonly optout?: string | undefined
    readonly version: { readonly major: number; readonly minor: number }
  }
}

interface Overridden {
  readonly zodSchema: ZodSchema
  readonly jsonSchema: Record<string, unknown>
}

/** Zod 4.2 and later. Components are named by `.meta({ id: 'Invoice' })`. */
export const zodFacts: LibraryFacts = {
  madeUpName: /^__schema\d+$/,
  nameKeyword: 'id',
  remedy:
    'use a type that JSON has, such as z.iso.datetime(), or a codec of it (z.codec), end a transform with .pipe(schema), or use z.unknown() where anything is allowed',
  missing: 'use Zod 4.2 or later',
  options: (_side, source) => ({ override: describeAsRead, ...(asksOfUnrepresentable(source) && { unrepresentable }) }),
  undeclaredIn,
  mayBeMissing,
  encoding: zodEncoding,
}

function mayBeMissing(source: object, side: SchemaSide): boolean {
  const { optin, optout } = (source as ZodSchema)._zod
  return side === 'input' ? optin !== undefined : optout !== undefined
}

/** In earlier versions every function meant "any". */
const asksOfUnrepresentable = (source: object): boolean => {
  const { major, minor } = (source as ZodSchema)._zod.version
  return major > 4 || minor >= 5
}

const INSTEAD: ReadonlySet<string> = new Set(['default', 'prefault', 'catch'])

/**
 * The substitute for a missing or wrong value is not part of the schema: it may depend on that value, or not be JSON.
 */
const unrepresentable = ({ zodSchema }: { readonly zodSchema: ZodSchema }): object | undefined =>
  INSTEAD.has(zodSchema._zod.def.type) ? {} : undefined

/**
 * On the output side Zod writes `additionalProperties: false` for objects that only strip undeclared properties, and
 * nothing for some open ones. Here an object is closed where it says nothing, and open where it says so. OpenAPI's
 * `readOnly` does not mean a frozen object.
 */
function describeAsRead({ zodSchema, jsonSchema }: Overridden): void {
  const { type, catchall } = zodSchema._zod.def
  if (type === 'readonly') delete jsonSchema['readOnly']
  if (type !== 'object') return
  if (catchall === undefined) delete jsonSchema['additionalProperties']
  // An intersection merges its objects into one and loses openness, unless it finds a keyword that it does not know.
  else if (catchall._zod.def.type === 'unknown' || catchall._zod.def.type === 'any') jsonSchema['~open'] = true
}

/**
 * A strict object reports all undeclared names in one issue at the object; a record reports the names it cannot take in
 * the same way.
 */
function undeclaredIn(issue: Issue): Iterable<IssuePath> | undefined {
  const { code, keys } = issue as { code?: unknown; keys?: unknown }
  return code === 'unrecognized_keys' && Array.isArray(keys) ? placesUnder(pathOf(issue), keys) : undefined
}

function* placesUnder(outer: IssuePath, names: readonly unknown[]): Generator<IssuePath> {
  for (const name of names) yield [...outer, String(name)]
}
