/** One request as it goes over the wire. */
export interface FuzzCase {
  readonly method: 'GET' | 'POST'
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The bytes of one chunk, or 0 for a body in one piece with its length announced. */
  readonly chunkBytes: number
}

/** The case as one reads it: what is long is shown by its beginning and length. */
export function shown({ method, target, headers, body, chunkBytes }: FuzzCase): string {
  const transfer = chunkBytes > 0 ? ` in chunks of ${chunkBytes}` : ''
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${short(value)}`)
  return [`${method} ${short(target)}`, ...lines, `${short(body)}${transfer}`].join('\n  ')
}

const short = (text: string): string =>
  text.length <= 160 ? text : `${text.slice(0, 100)} … ${text.slice(-40)} (${text.length} characters)`

/** The bytes that are sent. */
export function wireBytes({ method, target, headers, body, chunkBytes }: FuzzCase): Buffer {
  const bytes = Buffer.from(body)
  const transfer = chunkBytes > 0 ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${method} ${target} HTTP/1.1\r\nHost: fuzzed.test\r\nConnection: close\r\n${lines.join('')}${transfer}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), chunkBytes > 0 ? chunked(bytes, chunkBytes) : bytes])
}

function chunked(bytes: Buffer, chunkBytes: number): Buffer {
  const parts: Buffer[] = []
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const chunk = bytes.subarray(start, start + chunkBytes)
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}
