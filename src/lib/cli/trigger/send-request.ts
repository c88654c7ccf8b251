import { request as sendHttp } from 'node:http'
import { request as sendHttps } from 'node:https'
import { CommandError } from '../command-error.ts'
import type { CreatedRequest } from './create-request.ts'

/** What a receiver responded. */
export interface SentResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whether the rest of the body was not read. */
  readonly isCut: boolean
  readonly tookMs: number
}

const mostBytes = 64 * 1024

/** Sends a request once: no redirect is followed, and so much of the response is read as a delivery would keep. */
export async function sendRequest(created: CreatedRequest, timeoutMs: number): Promise<SentResponse> {
  const started = performance.now()
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await exchange(created, signal, started)
  } catch (error) {
    const { origin } = new URL(created.url)
    if (signal.aborted)
      throw new CommandError(`The receiver at ${origin} did not respond within ${timeoutMs / 1_000} s`)
    throw new CommandError(`The receiver at ${origin} did not respond: ${reasonOf(error)}`)
  }
}

function exchange({ url, method, headers, body }: CreatedRequest, signal: AbortSignal, started: number) {
  const { promise, resolve, reject } = Promise.withResolvers<SentResponse>()
  const send = url.startsWith('https:') ? sendHttps : sendHttp
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {}
  const request = send(url, {
    method,
    headers: { ...headers, ...length, 'user-agent': 'ringback' },
    signal,
    agent: false,
  })
  request.on('error', reject)
  request.on('response', response => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (isCut: boolean) => {
      const read = Buffer.concat(chunks).subarray(0, mostBytes)
      const known = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const)
      const tookMs = performance.now() - started
      resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(known), body: read, isCut, tookMs })
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size <= mostBytes) return
      end(true)
      response.destroy()
    })
    response.on('end', () => end(false))
    // The status is known: what it says counts, and that the body ended too early is told.
    response.on('error', () => (signal.aborted ? reject(signal.reason) : end(true)))
  })
  request.end(body)
  return promise
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as NodeJS.ErrnoException & { errors?: readonly Error[] }
  return message || errors?.[0]?.message || code || 'no connection'
}
