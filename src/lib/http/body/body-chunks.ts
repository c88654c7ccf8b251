import { HttpError } from '../http-error.ts'
import type { RequestView } from '../request-view.ts'
import { incompleteBody } from './body-source.ts'
import { alreadyRead } from './read-body.ts'

/**
 * The bytes of a request's body as they come, up to its limit. Whoever stops reads no more of it. Throws
 * `ContentTooLargeError`, a 400 where the body breaks off, and a `TypeError` where it has already been read.
 */
export async function* bodyChunks({ request }: RequestView): AsyncGenerator<Uint8Array> {
  if (request.bodyUsed) throw alreadyRead()
  if (request.body === null) return
  try {
    yield* request.body
  } catch (error) {
    throw error instanceof HttpError ? error : incompleteBody(error)
  }
}
