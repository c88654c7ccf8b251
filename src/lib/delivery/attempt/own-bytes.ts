/**
 * Copies the bytes into memory of their own. Bytes from a socket or `Buffer.from` are often a small part of a large
 * block. The whole block would stay in memory, and would be copied to a store's thread.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
