import type { Schema } from '../../src/lib/schema/schema.ts'

/** The schema libraries whose schemas are fuzzed. */
export const libraries = ['zod', 'valibot', 'arktype', 'typebox'] as const

export type Library = (typeof libraries)[number]

/** The schemas of bodies by the last part of their paths, each with the least that it takes. */
export const bodies = {
  strict: 'object',
  record: 'object',
  tree: 'object',
  intersection: 'object',
  texts: 'object',
  defaults: 'object',
  union: 'list',
  list: 'list',
  rows: 'list',
  tuples: 'list',
} as const

/** The schemas of forms by the last part of their paths. */
export const forms = ['texts', 'files', 'record'] as const

/** The same schemas in one library. */
export interface Schemas {
  readonly bodies: Readonly<Record<keyof typeof bodies, Schema>>
  /** With lists, objects and unions, with files, and with any names. */
  readonly forms: Readonly<Record<(typeof forms)[number], Schema>>
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
