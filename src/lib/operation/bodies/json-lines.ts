import { itemText, whenChecked } from '../../http/body/item-text.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import type { Schema, Sendable } from '../../schema/schema.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

/** The schema that `jsonLines` gives. */
export type JsonLinesSchema<S extends Schema> = ContentSchema<
  AsyncIterable<Sendable<S>> | Iterable<Sendable<S>>,
  string,
  'application/jsonl'
>

const JSON_LINES: StreamFormat = {
  mediaType: 'application/jsonl',
  headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  encode: (item, check) => whenChecked(check(item), data => `${itemText(data)}\n`),
}

/**
 * A response of JSON values, one on each line (`application/jsonl`): the handler is an async generator, or returns one.
 * Each item is validated as in an `eventStream`.
 *
 * @example
 * ```ts
 * import { jsonLines, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Rows', version: '1.0.0' })
 * app.get('/rows', { response: jsonLines(z.object({ id: z.number() })) }, async function* () {
 *   yield { id: 1 }
 *   yield { id: 2 }
 * })
 * const response = await app.fetch(new Request('http://localhost/rows'))
 * console.log(await response.text()) // {"id":1} {"id":2}
 * ```
 */
export function jsonLines<S extends Schema>(item: S): JsonLinesSchema<S> {
  return contentSchema<AsyncIterable<Sendable<S>> | Iterable<Sendable<S>>, string, 'application/jsonl'>({
    content: { stream: JSON_LINES, item },
    jsonSchema: { type: 'string' },
    fault: () => undefined,
  })
}
