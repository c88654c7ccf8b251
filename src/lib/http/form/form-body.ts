import { bodyChunks } from '../body/body-chunks.ts'
import type { ReadFormat } from '../body/body-format.ts'
import { mediaTypeEssence } from '../media-type.ts'
import { type FormLimits, formFields } from './form.ts'
import { readUrlencoded } from './read-urlencoded.ts'

/** The media type of a form with files. */
export const MULTIPART = 'multipart/form-data'

/** The media type of a form without files, as browsers send it. */
const URLENCODED = 'application/x-www-form-urlencoded'

/** A form that may hold files (RFC 7578). Its parser is loaded with the first one. */
export const multipartBody = (limits: Required<FormLimits>): ReadFormat => ({
  mediaType: MULTIPART,
  fits: contentType => mediaTypeEssence(contentType) === MULTIPART,
  async read(view, _limitValues, room) {
    const { readMultipart } = await import('./read-multipart.ts')
    const options = { files: await room.openFiles(), limits }
    return formFields(
      await readMultipart(bodyChunks(view.openBody()), view.header('content-type') ?? MULTIPART, options),
    )
  },
})

/** A form of texts (WHATWG URL Standard, "application/x-www-form-urlencoded"). */
export const urlencodedBody = (limits: Required<FormLimits>): ReadFormat => ({
  mediaType: URLENCODED,
  fits: contentType => mediaTypeEssence(contentType) === URLENCODED,
  read: async view => readUrlencoded(await view.readBody(), limits),
})
