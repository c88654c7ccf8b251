import type { JsonSchema } from '../../schema/json-schema.ts'

/** A time as clients see it. */
export const TIME: JsonSchema = { type: 'string', format: 'date-time' }

/** A time that may not have come. */
export const TIME_OR_NULL: JsonSchema = { type: ['string', 'null'], format: 'date-time' }

export const TEXT: JsonSchema = { type: 'string' }
export const TEXT_OR_NULL: JsonSchema = { type: ['string', 'null'] }
export const COUNT: JsonSchema = { type: 'integer', minimum: 0 }

/** An object of a response: all of its properties are always there. */
export const whole = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})

/** An object of a request: what is not known is refused. */
export const closed = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema => ({ type: 'object', properties, required, additionalProperties: false })

/** A page of a list as clients see it. */
export interface ShownPage<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** The schema of a page, by the name of its component. */
export const pageOf = ($id: string, item: JsonSchema): JsonSchema => ({
  $id,
  ...whole({
    items: { type: 'array', items: item },
    nextCursor: { type: ['string', 'null'], description: 'Gives the next page, as "cursor"; null at the end' },
  }),
})

/** What every list takes. */
export interface PagingQuery {
  readonly limit?: number
  readonly cursor?: string
}

/** The query parameters of a list, with those of its own. */
export const listQuery = (own: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: {
    ...own,
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    cursor: { type: 'string', maxLength: 1_000, description: '`nextCursor` of the page before' },
  },
})
