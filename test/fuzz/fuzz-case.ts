import { shown, type Text, written } from './text.ts'

/** One request as it goes over the wire. */
export interface FuzzCase {
  readonly method: string
  readonly target: Text
  readonly headers: Readonly<Record<string, Text>>
  readonly body: Text
  /** The bytes of one chunk, or 0 for a body in one piece with a content length. */
  readonly chunkBytes: number
}

/** The description of the case: short, however long the request is. */
export function shownCase({ method, target, headers, body, chunkBytes }: FuzzCase): string {
  const transfer = chunkBytes > 0 ? ` in chunks of ${chunkBytes}` : ''
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${shown(value)}`)
  return [`${method} ${shown(target)}`, ...lines, `${shown(body)}${transfer}`].join('\n  ')
}

/** The bytes that are sent. */
export function wireBytes({ method, target, headers, body, chunkBytes }: FuzzCase): Buffer {
  const bytes = Buffer.from(written(body))
  const lines = [
    `${method} ${written(target)} HTTP/1.1`,
    'Host: fuzzed.test',
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${written(value)}`),
    chunkBytes > 0 ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`,
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return Buffer.concat([head, chunkBytes > 0 ? chunked(bytes, chunkBytes) : bytes])
}

/** All chunks but the last have the same size, so the number of a chunk gives its position. */
function chunked(bytes: Buffer, chunkBytes: number): Buffer {
  const size = `${chunkBytes.toString(16)}\r\n`
  const whole = Math.floor(bytes.length / chunkBytes)
  const each = size.length + chunkBytes + 2
  const wire = Buffer.alloc(whole * each, '\r\n')
  for (let index = 0; index < whole; index++) {
    const at = index * each
    wire.write(size, at, 'latin1')
    bytes.copy(wire, at + size.length, index * chunkBytes, (index + 1) * chunkBytes)
    wire.write('\r\n', at + each - 2, 'latin1')
  }
  const rest = bytes.subarray(whole * chunkBytes)
  const last = rest.length === 0 ? '' : `${rest.length.toString(16)}\r\n${rest.toString('latin1')}\r\n`
  return Buffer.concat([wire, Buffer.from(`${last}0\r\n\r\n`, 'latin1')])
}
