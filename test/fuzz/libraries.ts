import type { Schema } from '../../src/lib/schema/schema.ts'

/** The schema libraries whose schemas are fuzzed. */
export const libraries = ['zod', 'valibot', 'arktype', 'typebox'] as const

export type Library = (typeof libraries)[number]

/** The schemas of bodies, by the last part of the paths that take them. */
export const bodies = [
  'strict',
  'record',
  'union',
  'list',
  'rows',
  'tree',
  'tuples',
  'intersection',
  'texts',
  'defaults',
] as const

/** Schemas of one meaning in one library. */
export interface Schemas {
  readonly bodies: Readonly<Record<(typeof bodies)[number], Schema>>
  /** `{ id: integer }`. */
  readonly params: Schema
  /** A closed object of optional parameters, a list among them. */
  readonly query: Schema
  /** Headers "x-id" and "x-total", a list. */
  readonly headers: Schema
  readonly cookies: Schema
  /** Callbacks go to `{ url, id }` of the body, … */
  readonly target: Schema
  /** … to the optional `url` of the query, … */
  readonly targetQuery: Schema
  /** … or to the optional header "x-url". */
  readonly targetHeader: Schema
}
