import { HttpError } from '../http-error.ts'
import { mediaTypeEssence } from '../media-type.ts'
import type { WholeBodyFormat } from './body-format.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text in UTF-8 under a media type. Reading throws a 400 for bytes that are not UTF-8. */
export function textBody(mediaType: string): WholeBodyFormat {
  const essence = mediaTypeEssence(mediaType)
  return {
    mediaType: essence,
    contentType: `${essence}; charset=utf-8`,
    fits: contentType => mediaTypeEssence(contentType) === essence,
    async read(view) {
      try {
        return decoder.decode(await view.readBody())
      } catch (error) {
        if (error instanceof TypeError) throw new HttpError(400, 'The body is not UTF-8 text')
        throw error
      }
    },
    write: value => value as string,
    describe: schema => ({ schema }),
  }
}
