import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { bodyStreamSource, isBodyStream } from '../http/body-stream.ts'
import { isResponse } from '../http/is-response.ts'
import { problemAnswer } from '../http/problem-details.ts'
import type { Answered, WholeAnswer } from '../http/request-view.ts'
import type { Log } from '../log/log.ts'
import { writeResponse } from './write-response.ts'
import { writeStream } from './write-stream.ts'

/** Writes an answer to Node's response. A client that has gone away gets nothing. Never rejects. */
export function writeAnswer(answered: Answered, outgoing: ServerResponse, log: Log): void | Promise<void> {
  const fail = (error: unknown) => failed(error, outgoing, log)
  if (isResponse(answered)) return writeResponse(answered, outgoing).catch(fail)
  const { status, headers, body } = answered
  if (isBodyStream(body))
    return writeStream(
      { status, headers: { ...headers } as OutgoingHttpHeaders },
      bodyStreamSource(body),
      outgoing,
    ).catch(fail)
  try {
    writeWhole({ status, headers, body }, outgoing)
  } catch (error) {
    failed(error, outgoing, log)
  }
}

function failed(error: unknown, outgoing: ServerResponse, log: Log): void {
  log.error('An answer could not be written', { error })
  // Half an answer must not look like a whole one.
  if (outgoing.headersSent) outgoing.destroy()
  else writeWhole(problemAnswer(500, 'The server failed; the error has been logged'), outgoing)
}

function writeWhole({ status, headers, body }: WholeAnswer, outgoing: ServerResponse): void {
  if (outgoing.destroyed) return
  const fields: (string | string[])[] = []
  for (const name in headers) fields.push(name, headers[name] as string | string[])
  if (body !== undefined) fields.push('content-length', String(Buffer.byteLength(body)))
  else if (status !== 204 && status !== 304) fields.push('content-length', '0')
  outgoing.writeHead(status, fields)
  // A string and its header leave in one write; a Buffer would make it two.
  outgoing.end(body)
}
