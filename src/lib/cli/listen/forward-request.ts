import { errorCode } from '../../error-code.ts'
import type { Received, Reply } from './received.ts'
import { problem } from './replies.ts'

const timeoutMs = 30_000
const mostBytes = 1024 * 1024
/** Headers of one connection, and those that the client writes itself. */
const ofConnection = new Set(
  'connection keep-alive proxy-connection transfer-encoding te trailer upgrade host content-length expect'.split(' '),
)

/** Sends a request on to a running application, and gives its response; one that cannot be reached is a 502. */
export async function forwardRequest(target: URL, received: Received): Promise<Reply> {
  const url = forwardUrl(target, received.target)
  try {
    const hasBody = received.body.length > 0 && !['GET', 'HEAD'].includes(received.method)
    const response = await fetch(url, {
      method: received.method,
      headers: headersOf(received),
      ...(hasBody && { body: Buffer.from(received.body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const headers = Object.fromEntries([...response.headers].filter(([name]) => isPassedOn(name)))
    return { status: response.status, headers, body: await bytesOf(response) }
  } catch (error) {
    const { cause } = error as Error
    const reason = errorCode(cause) ?? (cause instanceof Error ? cause.message : (error as Error).message)
    return problem(502, `The application at ${target.origin} did not respond: ${reason}`)
  }
}

/** The path of the target stands before that of the request. */
function forwardUrl(target: URL, path: string): URL {
  const url = new URL(path, target)
  url.protocol = target.protocol
  url.host = target.host
  url.pathname = `${target.pathname.replace(/\/$/, '')}${new URL(path, 'http://localhost').pathname}`
  return url
}

function headersOf({ headers }: Received): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || ofConnection.has(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  )
}

/** The body comes decoded. */
const isPassedOn = (name: string): boolean => !ofConnection.has(name) && name !== 'content-encoding'

async function bytesOf(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new Error(`its response has more than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
