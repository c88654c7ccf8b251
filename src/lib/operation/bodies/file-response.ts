import { checkedMediaType } from './checked-media-type.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'
import { SentFile } from './sent-file.ts'

/** The schema that `fileResponse` gives. */
export type FileResponseSchema<M extends string = string> = ContentSchema<SentFile, string, M>

/**
 * A response that is a file: the handler returns what `sendFile` makes. `mediaType` is its media type, or a range of them
 * (`image/*`); by default it may be of any, as the name of the file tells. The document says that it is binary.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { fileResponse, Ringback, sendFile } from 'ringback'
 *
 * const total = join(tmpdir(), 'total.txt')
 * writeFileSync(total, '100')
 * const app = new Ringback({ title: 'Reports', version: '1.0.0' })
 * app.get('/total', { response: fileResponse() }, () => sendFile(total))
 *
 * const response = await app.fetch(new Request('http://localhost/total'))
 * console.log(response.headers.get('content-type'), await response.text()) // text/plain; charset=utf-8 100
 * ```
 */
export function fileResponse<const M extends string = '*/*'>(mediaType?: M): FileResponseSchema<M> {
  return contentSchema<SentFile, string, M>({
    content: { file: checkedMediaType(mediaType, '*/*', 'The media type of "fileResponse"') },
    jsonSchema: { type: 'string', format: 'binary' },
    fault: value => (value instanceof SentFile ? undefined : 'It must be a file: give sendFile(path or bytes)'),
  })
}
