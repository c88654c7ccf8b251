/**
 * The bytes in memory of their own. What comes from a socket or `Buffer.from` is often a small part of a large block,
 * which would be kept, and copied whole to a store's thread, with it.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
