/** An object of a document that anybody may have written. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The value as an object, and nothing in place of anything else. */
export const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}

/** The value as a list, and nothing in place of anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The value as text. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
