import { textBody } from '../../http/body/text-body.ts'
import { checkedMediaType } from './checked-media-type.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

/** The schema that `text` and `html` give. */
export type TextSchema<M extends string = string> = ContentSchema<string, string, M>

/**
 * A body of text in UTF-8, or a response of text. The media type is `text/plain`, or the one that is given; a response names
 * its charset.
 *
 * @example
 * ```ts
 * import { Ringback, text } from 'ringback'
 *
 * const app = new Ringback({ title: 'Notes', version: '1.0.0' })
 * app.post('/notes', { body: text(), response: text('text/markdown') }, ({ body }) => `# ${body}`)
 *
 * const headers = { 'content-type': 'text/plain' }
 * const response = await app.fetch(new Request('http://localhost/notes', { method: 'POST', headers, body: 'Hello' }))
 * console.log(await response.text(), response.headers.get('content-type')) // # Hello text/markdown; charset=utf-8
 * ```
 */
export function text<const M extends string = 'text/plain'>(mediaType?: M): TextSchema<M> {
  return contentSchema<string, string, M>({
    content: { format: textBody(checkedMediaType(mediaType, 'text/plain', 'The media type of "text"')) },
    jsonSchema: { type: 'string' },
    fault: value => (typeof value === 'string' ? undefined : 'It must be text'),
  })
}

/**
 * A response of HTML. Nothing is escaped: an engine of your choice does that.
 *
 * @example
 * ```ts
 * import { html, Ringback } from 'ringback'
 *
 * const app = new Ringback({ title: 'Pages', version: '1.0.0' })
 * app.get('/', { response: html() }, () => '<h1>Hello</h1>')
 * const response = await app.fetch(new Request('http://localhost/'))
 * console.log(response.headers.get('content-type')) // text/html; charset=utf-8
 * ```
 */
export const html = (): TextSchema<'text/html'> => text('text/html')
