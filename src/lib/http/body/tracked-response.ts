import { bodyStreamSource } from './body-stream.ts'

/** A response, and the end of its body: it has been read, or nobody wants it. */
export interface TrackedResponse {
  readonly response: Response
  readonly ended: Promise<void>
}

/** The same response with a body whose end is told. */
export function trackedResponse(response: Response): TrackedResponse {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  if (response.body === null) return { response, ended: Promise.resolve() }
  const source = bodyStreamSource(response.body as ReadableStream<Uint8Array>)
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await source.read()
          if (piece !== undefined) return controller.enqueue(piece)
          controller.close()
          resolve()
        } catch (error) {
          resolve()
          throw error
        }
      },
      cancel() {
        source.drop()
        resolve()
      },
    },
    { highWaterMark: 0 },
  )
  return { response: new Response(body, response), ended }
}
