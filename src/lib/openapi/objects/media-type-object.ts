import type { SchemaObject } from './schema-object.ts'

/**
 * A named example value (OpenAPI 3.1.1, "Example Object").
 *
 * @example
 * ```ts
 * import type { ExampleObject } from 'ringback/openapi'
 *
 * const example: ExampleObject = { summary: 'A paid invoice', value: { id: '2expen51ve', total: 9999 } }
 * console.log(example.summary)
 * ```
 */
export interface ExampleObject {
  summary?: string
  description?: string
  value?: unknown
}

/**
 * How a field of a form is written (OpenAPI 3.1.1, "Encoding Object").
 *
 * @example
 * ```ts
 * import type { EncodingObject } from 'ringback/openapi'
 *
 * const image: EncodingObject = { contentType: 'image/png, image/jpeg' }
 * console.log(image.contentType)
 * ```
 */
export interface EncodingObject {
  contentType?: string
  style?: string
  explode?: boolean
}

/**
 * The content of a body of one media type (OpenAPI 3.1.1, "Media Type Object").
 *
 * @example
 * ```ts
 * import type { MediaTypeObject } from 'ringback/openapi'
 *
 * const json: MediaTypeObject = { schema: { type: 'string' } }
 * console.log(json.schema)
 * ```
 */
export interface MediaTypeObject {
  schema?: SchemaObject
  /** The schema of each item of a stream; OpenAPI 3.2 calls this `itemSchema`. */
  'x-itemSchema'?: SchemaObject
  /** How the fields of a form are written. */
  encoding?: Record<string, EncodingObject>
  /** The schema of each item of a stream, in a document of OpenAPI 3.2. */
  itemSchema?: SchemaObject
  example?: unknown
  examples?: Record<string, ExampleObject>
}
