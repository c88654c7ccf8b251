import { ContentTooLargeError } from './content-too-large-error.ts'
import { HttpError } from './http-error.ts'

/** The client went away, or sent less than it had announced. */
export const incompleteBody = (cause?: unknown): HttpError =>
  new HttpError(400, 'The body ended before it was complete', { cause })

/**
 * All bytes of the body of a web request. Throws `ContentTooLargeError`, a 400 where the body breaks off, and a
 * `TypeError` where someone has read it before.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw new ContentTooLargeError(limitBytes)
  if (request.bodyUsed)
    throw new TypeError('The body was read before the operation could read it: read that of "request.clone()" instead')
  if (request.body === null) return new Uint8Array()
  const reader: BodyReader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let { done, value } = await next(reader); !done; { done, value } = await next(reader)) {
    if (value === undefined) continue
    length += value.byteLength
    if (length > limitBytes) {
      void drain(reader)
      throw new ContentTooLargeError(limitBytes)
    }
    chunks.push(value)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
}

/** What reads the body of a web request chunk by chunk. */
export type BodyReader = ReadableStreamDefaultReader<Uint8Array>

const next = (reader: BodyReader) =>
  reader.read().catch((cause: unknown) => {
    throw incompleteBody(cause)
  })

/** Reads and drops what still comes: a client that cannot finish sending does not get to read the answer. */
export async function drain(reader: BodyReader): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The client went away, so that nothing is left to drain.
  }
}
