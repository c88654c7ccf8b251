import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { BodySource } from '../http/body/body-source.ts'
import { NO_CONTENT } from '../http/no-content.ts'

/** What stands before a body. */
interface Head {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
}

/**
 * Writes a response whose body comes piece by piece. One that is there at once leaves with its length; of any other the
 * headers go first, and no piece is asked for while the one before it waits for the client. Throws what goes wrong on our
 * side; a client that goes away only ends the body.
 */
export async function writeStream(
  { status, headers }: Head,
  body: BodySource,
  outgoing: ServerResponse,
): Promise<void> {
  if (outgoing.destroyed) return body.drop()
  if (outgoing.req.method === 'HEAD' || NO_CONTENT.has(status)) {
    outgoing.writeHead(status, headers).end()
    return body.drop()
  }
  const reads = [body.read()]
  const first = await soon(reads[0])
  if (first?.piece !== undefined) reads.push(body.read())
  const last = await soon(reads.at(-1))
  if (last !== undefined && last.piece === undefined) {
    const whole = first?.piece ?? ''
    outgoing.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(whole)) }).end(whole)
  } else {
    outgoing.writeHead(status, headers).flushHeaders()
    await pipePieces(reads, body, outgoing)
  }
}

type Read = ReturnType<BodySource['read']>

/** What a read gives, or undefined if it takes longer than this turn of the event loop. */
function soon(read: Read | undefined): Promise<{ readonly piece: Uint8Array | undefined } | undefined> {
  const given = read?.then(piece => ({ piece }))
  return Promise.race([given, new Promise<undefined>(resolve => setImmediate(resolve, undefined))])
}

async function pipePieces(begun: Read[], body: BodySource, outgoing: ServerResponse): Promise<void> {
  // A body that waits for its source would not hear of the end in any other way.
  outgoing.once('close', () => body.drop())
  try {
    await pipeline(piecesOf(begun, body), outgoing)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** The pieces of a body of which some reads have begun. */
async function* piecesOf(begun: Read[], body: BodySource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = await (begun.shift() ?? body.read())
    if (piece === undefined) return
    yield piece
  }
}
