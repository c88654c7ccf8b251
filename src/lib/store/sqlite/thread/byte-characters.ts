/** Bytes as characters, one each: text crosses to another thread, and goes into JSON, with less work. */
export function charactersOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The bytes of such characters. */
export function bytesOf(characters: string): Uint8Array {
  return Buffer.from(characters, 'latin1')
}
