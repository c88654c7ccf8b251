import { bytesBody } from '../../http/body/bytes-body.ts'
import { checkedMediaType } from './checked-media-type.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

/** The schema that `bytes` gives. */
export type BytesSchema<M extends string = string> = ContentSchema<Uint8Array, Uint8Array, M>

/**
 * A body of bytes, or a response of bytes, as they are. The media type is `application/octet-stream`, or the one that is
 * given.
 *
 * @example
 * ```ts
 * import { bytes, Ringback } from 'ringback'
 *
 * const app = new Ringback({ title: 'Images', version: '1.0.0' })
 * app.post('/images', { body: bytes('image/png'), response: bytes('image/png') }, ({ body }) => body)
 *
 * const request = { method: 'POST', headers: { 'content-type': 'image/png' }, body: new Uint8Array([137, 80]) }
 * const response = await app.fetch(new Request('http://localhost/images', request))
 * console.log(response.headers.get('content-type'), await response.bytes()) // image/png Uint8Array(2) [ 137, 80 ]
 * ```
 */
export function bytes<const M extends string = 'application/octet-stream'>(mediaType?: M): BytesSchema<M> {
  const type = checkedMediaType(mediaType, 'application/octet-stream', 'The media type of "bytes"')
  return contentSchema<Uint8Array, Uint8Array, M>({
    content: { format: bytesBody(type) },
    jsonSchema: { type: 'string', format: 'binary' },
    fault: value => (value instanceof Uint8Array ? undefined : 'It must be bytes: give a Uint8Array'),
  })
}
