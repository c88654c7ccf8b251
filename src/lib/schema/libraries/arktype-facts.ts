import type { LibraryFacts, SchemaSide } from './library-facts.ts'

/** The argument of a fallback of ArkType's conversion. */
interface Unrepresentable {
  readonly code: string
  readonly base: object
  readonly unit?: unknown
  readonly proto?: { readonly name: string }
  readonly domain?: string
}

interface ArkTypeSchema {
  readonly allows: (value: unknown) => boolean
  toJsonSchema(options: object): Record<string, unknown>
  select(kind: 'morph'): readonly { readonly expression: string }[]
}

/**
 * ArkType 2. Components are named by the metadata `alias`: `type({ … }).configure({ alias: 'Invoice' })`, or
 * `[definition, '@', { alias: 'Invoice' }]` inside of a scope.
 */
export const arktypeFacts: LibraryFacts = {
  // The names of its nodes. They depend on what was defined before.
  madeUpName: /(?:)/,
  nameKeyword: 'alias',
  remedy:
    'use a type that JSON has, such as "string.date.iso", end a morph with .to(type), or use "unknown" where anything is allowed',
  missing: 'use ArkType 2.1.28 or later',
  options: () => ({ fallback: FALLBACKS }),
  convert,
  allows: source => (source as Partial<ArkTypeSchema>).allows,
  refusesUndefined: true,
  takesLists: true,
}

/**
 * The standard conversion leaves out defaults on the input side, which ArkType's own has, and turns a morph without a
 * declared output into an empty schema on the output side.
 */
function convert(source: object, side: SchemaSide): Record<string, unknown> | undefined {
  const schema = source as Partial<ArkTypeSchema>
  if (side === 'input') return schema.toJsonSchema?.({ fallback: FALLBACKS })
  const silent = schema.select?.('morph').find(({ expression }) => expression.endsWith('=> Out<unknown>'))
  if (silent !== undefined) throw new Error(`The morph "${silent.expression}" does not say what it returns`)
  return undefined
}

function baseOf({ base }: Unrepresentable): unknown {
  return base
}

/**
 * A type that JSON Schema can only describe less precisely keeps its base; one that would become an empty schema is
 * refused.
 */
const FALLBACKS: Readonly<Record<string, (context: Unrepresentable) => unknown>> = {
  arrayObject: refuse,
  arrayPostfix: baseOf,
  date: refuse,
  defaultValue: () => undefined,
  domain: refuse,
  morph: baseOf,
  patternIntersection: baseOf,
  predicate: baseOf,
  proto: context => (FILES.has(context.proto?.name) ? { type: 'string', format: 'binary' } : refuse(context)),
  symbolKey: baseOf,
  // JSON has no undefined: in a union it adds nothing, and alone it matches nothing.
  unit: context => (context.unit === undefined ? { not: {} } : refuse(context)),
}

const FILES: ReadonlySet<string | undefined> = new Set(['File', 'Blob'])

function refuse({ code, proto, domain, unit }: Unrepresentable): never {
  const what = code === 'date' ? 'Date' : (proto?.name ?? domain ?? (unit === undefined ? code : String(unit)))
  throw new Error(`"${what}" is not a JSON type`)
}
