import { mediaTypeEssence } from '../media-type.ts'
import type { WholeBodyFormat } from './body-format.ts'

/** Bytes as they are, under a media type. */
export function bytesBody(mediaType: string): WholeBodyFormat {
  const essence = mediaTypeEssence(mediaType)
  return {
    mediaType,
    fits: contentType => mediaTypeEssence(contentType) === essence,
    read: view => view.readBody(),
    parse: bytes => bytes,
    write: value => value as Uint8Array,
    describe: schema => ({ schema }),
  }
}
