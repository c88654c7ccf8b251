import { checkNames } from '../../definition/check-names.ts'
import { JSON_BODY, jsonBody } from '../../http/body/json-body.ts'
import type { Schema, WrappedSchema } from '../../schema/schema.ts'
import { checkedMediaType } from './checked-media-type.ts'
import type { Content } from './content-schema.ts'

/** The schema that `json` gives. */
export interface JsonBodySchema<S extends Schema, M extends string = string> extends WrappedSchema<S> {
  readonly '~content': Content
  /** Only a type: under which media type the content is chosen. */
  readonly '~mediaType'?: M
}

/** Settings of a JSON body. */
export interface JsonBodyOptions<M extends string = string> {
  /** The media type, such as `application/merge-patch+json`. Default: `application/json`. */
  readonly contentType?: M
}

const OPTION_NAMES: Readonly<Record<keyof JsonBodyOptions, true>> = { contentType: true }

/**
 * JSON under another media type, or as one of several from which a client chooses: as a body, only `contentType` is taken,
 * and any other one is a 415. Without an option it is the same as the schema alone, which takes `application/json` and all
 * types that end with `+json`. Throws a
 * `DefinitionError` for an invalid option.
 *
 * @example
 * ```ts
 * import { json, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const Patch = json(z.object({ total: z.number() }).partial(), { contentType: 'application/merge-patch+json' })
 * app.patch('/invoices/{id}', { body: Patch, response: z.unknown() }, ({ body }) => body)
 *
 * const headers = { 'content-type': 'application/merge-patch+json' }
 * const request = new Request('http://localhost/invoices/7', { method: 'PATCH', headers, body: '{"total":1}' })
 * console.log(await (await app.fetch(request)).json()) // { total: 1 }
 * ```
 */
export function json<S extends Schema, const M extends string = 'application/json'>(
  schema: S,
  options: JsonBodyOptions<M> = {},
): JsonBodySchema<S, M> {
  checkNames(options, OPTION_NAMES, 'the options of "json"')
  const contentType = checkedMediaType(options.contentType, 'application/json', 'The "contentType" of "json"')
  const format = options.contentType === undefined ? JSON_BODY : jsonBody(contentType)
  return Object.freeze({
    '~standard': schema['~standard'],
    '~wraps': schema,
    '~content': { format, isJson: true as const },
  })
}
