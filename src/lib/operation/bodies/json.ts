import { jsonBodyOf } from '../../http/body/json-body.ts'
import type { Output, Schema, Sendable } from '../../schema/schema.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

/** The schema that `json` gives. */
export type JsonSchema<S extends Schema, M extends string = string> = ContentSchema<Sendable<S>, Output<S>, M>

/** Settings of a JSON body. */
export interface JsonOptions<M extends string = string> {
  /** Default: `application/json`. */
  readonly contentType?: M
}

/**
 * A response of JSON, of another media type than `application/json`, or as one of several from which a client chooses.
 *
 * @example
 * ```ts
 * import { json, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Places', version: '1.0.0' })
 * const Place = z.object({ type: z.literal('Point'), coordinates: z.array(z.number()) })
 * app.get('/place', { response: json(Place, { contentType: 'application/geo+json' }) }, () => ({
 *   type: 'Point',
 *   coordinates: [13.4, 52.5],
 * }))
 * const response = await app.fetch(new Request('http://localhost/place'))
 * console.log(response.headers.get('content-type')) // application/geo+json
 * ```
 */
export function json<S extends Schema, const M extends string = 'application/json'>(
  schema: S,
  { contentType }: JsonOptions<M> = {},
): JsonSchema<S, M> {
  return contentSchema<Sendable<S>, Output<S>, M>({
    content: { format: jsonBodyOf(contentType ?? 'application/json'), schema },
    jsonSchema: {},
    fault: () => undefined,
  })
}
