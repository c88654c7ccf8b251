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
    read: async view => parse(await view.readBody()),
    parse,
    write: value => value as string,
    describe: schema => ({ schema }),
  }
}

function parse(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new HttpError(400, 'The body is not UTF-8 text')
  }
}
