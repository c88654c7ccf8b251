import { BodyBytes } from './body-bytes.ts'
import { incompleteBody, requestBodySource } from './body-source.ts'
import { ContentTooLargeError } from './content-too-large-error.ts'
import { announcedBytes } from './limited-request.ts'

/**
 * All bytes of the body of a web request. Throws `ContentTooLargeError`, a 400 where the body breaks off, and a
 * `TypeError` where it has already been read.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (announcedBytes(request.headers.get('content-length')) > limitBytes) throw new ContentTooLargeError(limitBytes)
  const source = requestBodySource(request)
  const bytes = new BodyBytes(limitBytes)
  try {
    for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) bytes.add(chunk)
  } catch (error) {
    if (!(error instanceof ContentTooLargeError)) throw incompleteBody(error)
    source.drop()
    throw error
  }
  return bytes.taken()
}
