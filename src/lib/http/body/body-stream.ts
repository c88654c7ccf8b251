import type { BodyContent, BodyStream } from '../request-view.ts'
import type { BodySource } from './body-source.ts'

/** Whether a body is streamed. */
export const isBodyStream = (body: BodyContent | undefined): body is BodyStream =>
  typeof body === 'object' && !(body instanceof Uint8Array)

/** The pieces of a body, asked for one by one. `drop` ends the stream at its origin, even while a piece is awaited. */
export const bodyStreamSource = (stream: BodyStream): BodySource =>
  isWebStream(stream) ? webSource(stream.getReader()) : iteratorSource(stream[Symbol.asyncIterator]())

/** The same as a web `ReadableStream`. */
export function webStream(stream: BodyStream): ReadableStream<Uint8Array> {
  if (isWebStream(stream)) return stream
  const source = bodyStreamSource(stream)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await source.read()
        if (piece === undefined) controller.close()
        else controller.enqueue(piece)
      },
      cancel: () => source.drop(),
    },
    { highWaterMark: 0 },
  )
}

const isWebStream = (stream: BodyStream): stream is ReadableStream<Uint8Array> => 'getReader' in stream

function webSource(reader: ReadableStreamDefaultReader<Uint8Array>): BodySource {
  return {
    read: async () => (await reader.read()).value,
    drop: () => void reader.cancel().catch(() => {}),
  }
}

function iteratorSource(iterator: AsyncIterator<Uint8Array>): BodySource {
  return {
    async read() {
      const { done, value } = await iterator.next()
      if (done === true) return undefined
      if (value instanceof Uint8Array) return value
      throw new TypeError(`A piece of a body is of type "${typeof value}": give its bytes as a Uint8Array`)
    },
    // Nobody is left to be told about a clean-up that fails.
    drop: () => void Promise.try(() => iterator.return?.()).catch(() => {}),
  }
}
