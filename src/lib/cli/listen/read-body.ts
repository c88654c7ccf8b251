import type { IncomingMessage } from 'node:http'

const mostBytes = 1024 * 1024

/** The body of a request; undefined for one that is too large, of which the rest is left unread. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop must not take away the connection, which still carries the response.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
