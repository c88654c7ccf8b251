import { mediaTypeEssence } from '../media-type.ts'
import type { ReadFormat } from './body-format.ts'
import { alreadyRead } from './body-source.ts'

/** The bytes of a body as a stream that its reader drives, under a media type. */
export function streamBody(mediaType: string): ReadFormat {
  const essence = mediaTypeEssence(mediaType)
  return {
    mediaType,
    fits: contentType => mediaTypeEssence(contentType) === essence,
    async read({ request }) {
      if (request.bodyUsed) throw alreadyRead()
      return request.body ?? new Blob().stream()
    },
  }
}
