import { HttpError } from '../http-error.ts'

/** The client went away, or sent less than it announced. */
export const incompleteBody = (cause?: unknown): HttpError =>
  new HttpError(400, 'The body ended before it was complete', { cause })

/** Where the bytes of a body come from. */
export interface BodySource {
  /** The next chunk; undefined at the end. */
  read(): Promise<Uint8Array | undefined>
  /**
   * Nobody wants the rest. It is read all the same, since some clients read the response only after they have sent
   * everything.
   */
  drop(): void
}

/** How many further chunks of a body are read and discarded at most. */
const MOST_DROPPED = 1_000

/** The body of a web request as a source. */
export function webBodySource(body: ReadableStream<Uint8Array>): BodySource {
  const reader = body.getReader()
  return {
    async read() {
      const { value } = await reader.read()
      return value
    },
    drop: () => void drain(reader),
  }
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let reads = 0; reads < MOST_DROPPED; reads++) if ((await reader.read()).done) return
    await reader.cancel()
  } catch {
    // The client went away, so nothing is left to drop.
  }
}

/** The body of a web request; throws a `TypeError` where it has already been read. */
export function requestBodySource(request: Request): BodySource {
  if (request.bodyUsed) throw alreadyRead()
  return request.body === null ? NOTHING : webBodySource(request.body)
}

const NOTHING: BodySource = { read: async () => undefined, drop: () => {} }

export const alreadyRead = (): TypeError =>
  new TypeError('The body was read before the operation could read it: read the body of "request.clone()" instead')
