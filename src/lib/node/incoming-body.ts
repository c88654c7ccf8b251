import type { IncomingMessage } from 'node:http'
import { BodyBytes } from '../http/body/body-bytes.ts'
import { type BodySource, incompleteBody } from '../http/body/body-source.ts'
import { GatheredBody } from './gathered-body.ts'

/** The body of Node's request as a source. What nobody wants is read away by Node. */
export function incomingBody(incoming: IncomingMessage): BodySource {
  if (incoming.readableDidRead) throw takenBefore()
  // Nothing would ever be heard of a client that went away before.
  if (incoming.destroyed) throw incompleteBody()
  return new GatheredBody(incoming)
}

/** In another framework, whose parser was first. */
const takenBefore = (): TypeError =>
  new TypeError(
    'The body of the request was read before it came to Ringback, as express.json() does: let Ringback come first, or keep the parser of bodies from its paths',
  )

/** All bytes of it, or a `ContentTooLargeError`; faster than chunk by chunk. */
export function collectBody(incoming: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  if (incoming.readableDidRead) return Promise.reject(takenBefore())
  if (incoming.destroyed) return Promise.reject(incompleteBody())
  return new Promise((resolve, reject) => {
    const bytes = new BodyBytes(limitBytes)
    const take = (chunk: Buffer): void => {
      try {
        bytes.add(chunk)
      } catch (error) {
        incoming.off('data', take)
        // What still comes is read and dropped, so that the client gets to read the response.
        incoming.resume()
        reject(error)
      }
    }
    incoming.on('data', take)
    incoming.on('end', () => {
      // Node would do it with all listeners at once, which turns their table into a slow one.
      incoming.off('data', take)
      resolve(bytes.taken())
    })
    incoming.on('error', cause => reject(incompleteBody(cause)))
  })
}
