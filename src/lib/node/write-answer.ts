import type { ServerResponse } from 'node:http'
import { isResponse } from '../http/is-response.ts'
import { problemAnswer } from '../http/problem-details.ts'
import type { Answer, Answered } from '../http/request-view.ts'
import type { Log } from '../log/log.ts'
import { writeResponse } from './write-response.ts'

/** Writes an answer to Node's response. A client that has gone away gets nothing. Never rejects. */
export function writeAnswer(answered: Answered, outgoing: ServerResponse, log: Log): void | Promise<void> {
  if (isResponse(answered))
    return writeResponse(answered, outgoing).catch((error: unknown) => failed(error, outgoing, log))
  try {
    writeWhole(answered, outgoing)
  } catch (error) {
    failed(error, outgoing, log)
  }
}

function failed(error: unknown, outgoing: ServerResponse, log: Log): void {
  log.error('A response could not be written', { error })
  // Half an answer must not look like a whole one.
  if (outgoing.headersSent) outgoing.destroy()
  else writeWhole(problemAnswer(500, 'The server failed; the error has been logged'), outgoing)
}

function writeWhole({ status, headers, body }: Answer, outgoing: ServerResponse): void {
  if (outgoing.destroyed) return
  const fields: (string | string[])[] = []
  for (const name in headers) fields.push(name, headers[name] as string | string[])
  if (body !== undefined) fields.push('content-length', String(Buffer.byteLength(body)))
  else if (status !== 204 && status !== 304) fields.push('content-length', '0')
  outgoing.writeHead(status, fields)
  // A string and its header leave in one write; a Buffer would make it two.
  outgoing.end(body)
}
