import { HttpError } from '../http-error.ts'
import { type BodySource, incompleteBody } from './body-source.ts'

/**
 * The bytes of a body as they come. Whoever stops reads no more of it. Throws what the source throws, and a 400 where the
 * body breaks off.
 */
export async function* bodyChunks(source: BodySource): AsyncGenerator<Uint8Array> {
  let ended = false
  try {
    for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) yield chunk
    ended = true
  } catch (error) {
    ended = true
    throw error instanceof HttpError ? error : incompleteBody(error)
  } finally {
    if (!ended) source.drop()
  }
}
