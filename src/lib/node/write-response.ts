import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { bodyStreamSource, isBodyStream } from '../http/body/body-stream.ts'
import { isResponse } from '../http/is-response.ts'
import { NO_CONTENT_LENGTH } from '../http/no-content.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { AnyResponse, WholeResponse } from '../http/request-view.ts'
import type { Log } from '../log/log.ts'
import { writeStream } from './write-stream.ts'
import { writeWebResponse } from './write-web-response.ts'

/** Writes a response to Node's. A client that has gone away gets nothing. Never rejects. */
export function writeResponse(response: AnyResponse, outgoing: ServerResponse, log: Log): void | Promise<void> {
  const fail = (error: unknown) => failed(error, outgoing, log)
  if (isResponse(response)) return writeWebResponse(response, outgoing).catch(fail)
  const { status, headers, body } = response
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
  log.error('A response could not be written', { error })
  // Half a response must not look like a whole one.
  if (outgoing.headersSent) outgoing.destroy()
  else writeWhole(problemResponse(500, 'The server failed; the error has been logged'), outgoing)
}

function writeWhole({ status, headers, body }: WholeResponse, outgoing: ServerResponse): void {
  if (outgoing.destroyed) return
  const fields: (string | string[])[] = []
  for (const name in headers) fields.push(name, headers[name] as string | string[])
  if (body !== undefined) fields.push('content-length', String(Buffer.byteLength(body)))
  else if (!NO_CONTENT_LENGTH.has(status)) fields.push('content-length', '0')
  outgoing.writeHead(status, fields)
  // A string and its header leave in one write; a Buffer would make it two.
  outgoing.end(body)
}
