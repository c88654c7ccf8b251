import { DocumentError } from './document-error.ts'
import { type ReadBytes, tooLarge } from './read-local.ts'

const mostRedirects = 5

/** Where a file of the network may be, and how much of it is read. */
export interface RemoteBounds {
  readonly mostBytes: number
  readonly timeoutMs: number
  readonly allows: (url: URL) => boolean
}

/** Reads a file by HTTP within its bounds. Each address to which it is redirected is judged as the first. */
export async function readRemote(url: URL, { mostBytes, timeoutMs, allows }: RemoteBounds): Promise<ReadBytes> {
  const signal = AbortSignal.timeout(timeoutMs)
  let at = url
  try {
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      if (!allows(at)) throw new DocumentError(`It is redirected to "${at.origin}"`, { isNotAllowed: true })
      const response = await fetch(at, { signal, redirect: 'manual', headers: { accept: accepted } })
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
      if (location === null) return { url: at, bytes: await bytesOf(response, mostBytes) }
      await response.body?.cancel()
      at = new URL(location, at)
    }
    throw new DocumentError(`It is redirected more than ${mostRedirects} times`)
  } catch (error) {
    if (error instanceof DocumentError) throw error
    const timedOut = signal.aborted ? `It did not come within ${timeoutMs / 1_000} s` : undefined
    throw new DocumentError(timedOut ?? networkReason(error), { cause: error })
  }
}

const accepted = 'application/vnd.oai.openapi, application/json, application/yaml, */*;q=0.5'

async function bytesOf(response: Response, mostBytes: number): Promise<Uint8Array> {
  if (!response.ok) {
    await response.body?.cancel()
    throw new DocumentError(`Its server responded with ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw tooLarge(mostBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What `fetch` says is "fetch failed"; the cause knows why. */
function networkReason(error: unknown): string {
  const { cause, message } = error as Error
  return `It cannot be fetched: ${cause instanceof Error && cause.message !== '' ? cause.message : message}`
}
