import { streamBody } from '../../http/body/stream-body.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import { checkedMediaType } from './checked-media-type.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

/** What a handler of a stream returns: bytes or text, piece by piece. */
export type StreamPieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** The schema that `stream` gives: a handler returns the pieces of a response, and reads a body as a web stream. */
export type StreamSchema<M extends string = string> = ContentSchema<StreamPieces, ReadableStream<Uint8Array>, M>

/**
 * A streamed response of bytes or text: the handler is an async generator, or returns one, or a web stream. As the `body`
 * of a request, its bytes as a web stream that the handler reads as they come; `bodyLimitBytes` is kept, and reading
 * beyond it throws an error that is a 413. The media type is `application/octet-stream`, or the one that is given.
 *
 * @example
 * ```ts
 * import { Ringback, stream } from 'ringback'
 *
 * const app = new Ringback({ title: 'Reports', version: '1.0.0' })
 * app.get('/report', { response: stream('text/csv') }, async function* () {
 *   yield 'id,total\n'
 *   yield '7,100\n'
 * })
 * const response = await app.fetch(new Request('http://localhost/report'))
 * console.log(await response.text()) // id,total 7,100
 *
 * app.post('/report', { body: stream('text/csv'), bodyLimitBytes: 1e9 }, async ({ body }) => {
 *   for await (const bytes of body) console.log(bytes.length) // 9
 * })
 * const request = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'id,total\n' }
 * await app.fetch(new Request('http://localhost/report', request))
 * ```
 */
export function stream<const M extends string = 'application/octet-stream'>(mediaType?: M): StreamSchema<M> {
  const format: StreamFormat = {
    mediaType: checkedMediaType(mediaType, 'application/octet-stream', 'The media type of "stream"'),
    // Compression would hold pieces back; a handler that wants it sets a "cache-control" of its own.
    headers: { 'cache-control': 'no-transform', 'x-accel-buffering': 'no' },
    encode: bytesOf,
  }
  return contentSchema<StreamPieces, ReadableStream<Uint8Array>, M>({
    content: { stream: format, item: undefined, read: streamBody(format.mediaType) },
    jsonSchema: { type: 'string', format: 'binary' },
    fault: value => (value === undefined ? 'It must be given' : undefined),
  })
}

function bytesOf(piece: unknown): string | Uint8Array {
  if (typeof piece === 'string' || piece instanceof Uint8Array) return piece
  throw new TypeError(`A piece of the stream is of type "${typeof piece}": give text, or bytes as a Uint8Array`)
}
