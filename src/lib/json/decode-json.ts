const decoder = new TextDecoder('utf-8', { fatal: true })

/** The value that the bytes are the JSON text of (RFC 8259: UTF-8). Throws for everything else. */
export function decodeJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes))
}
