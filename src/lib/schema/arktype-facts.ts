import type { LibraryFacts, SchemaSide } from './library-facts.ts'

/** What a fallback of ArkType's conversion is told. */
interface Unrepresentable {
  readonly code: string
  readonly base: object
  readonly out?: object | null
  readonly unit?: unknown
  readonly proto?: { readonly name: string }
  readonly domain?: string
}

interface ArkTypeSchema {
  toJsonSchema(options: object): Record<string, unknown>
}

/**
 * ArkType 2. Components are named by the metadata `id`: `type({ … }).configure({ id: 'Invoice' })`, or
 * `[definition, '@', { id: 'Invoice' }]` inside of a scope.
 */
export const arktypeFacts: LibraryFacts = {
  // The names of its nodes: they change with whatever was defined before.
  madeUpName: /(?:)/,
  remedy:
    'take a type that JSON has, such as "string.date.iso", end a morph with .to(type), or say "unknown" where anything may stand',
  missing: 'use ArkType 2.1.28 or later',
  options: () => ({ fallback: fallbacks(baseOf) }),
  convert,
  refusesUndefined: true,
}

/**
 * The standard conversion leaves out defaults on the input side, and turns a morph that does not say what it gives
 * into an empty schema on the output side; ArkType's own conversion has the former and reports the latter.
 */
function convert(source: object, side: SchemaSide): Record<string, unknown> | undefined {
  if (!('toJsonSchema' in source)) return undefined
  const schema = source as ArkTypeSchema
  if (side === 'input') return schema.toJsonSchema({ fallback: fallbacks(baseOf) })
  schema.toJsonSchema({ fallback: { ...TOLERANT, morph: outOf } })
  return undefined
}

function outOf({ out }: Unrepresentable): object {
  if (out === null || out === undefined) throw new Error('A morph does not say what it gives')
  return out
}

const baseOf = ({ base }: Unrepresentable): unknown => base

const TOLERANT: Readonly<Record<string, (context: Unrepresentable) => unknown>> = {
  arrayObject: baseOf,
  arrayPostfix: baseOf,
  date: baseOf,
  defaultValue: () => undefined,
  domain: baseOf,
  patternIntersection: baseOf,
  predicate: baseOf,
  proto: baseOf,
  symbolKey: baseOf,
  unit: baseOf,
}

/** What is only said less precisely keeps its base; what would become an empty schema is refused. */
const fallbacks = (morph: (context: Unrepresentable) => unknown) => ({
  ...TOLERANT,
  morph,
  arrayObject: refuse,
  domain: refuse,
  date: refuse,
  proto: ({ proto, ...context }: Unrepresentable) =>
    proto?.name === 'File' || proto?.name === 'Blob'
      ? { type: 'string', format: 'binary' }
      : refuse({ ...context, ...(proto && { proto }) }),
  // JSON has no undefined: in a union it says nothing, alone nothing fits.
  unit: (context: Unrepresentable) => (context.unit === undefined ? { not: {} } : refuse(context)),
})

function refuse({ code, proto, domain, unit }: Unrepresentable): never {
  const what = code === 'date' ? 'Date' : (proto?.name ?? domain ?? (unit === undefined ? code : String(unit)))
  throw new Error(`"${what}" is no type of JSON`)
}
