/** The bytes of base64 text (RFC 4648, section 4) with or without its padding; `undefined` for any other text. */
export function decodeBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

/**
 * As `decodeBase64`, but only for the one text that encodes these bytes, with its padding and with zeros for the unused
 * bits of the last character (RFC 4648, section 3.5): a signature with any character changed is another one.
 */
export function decodeCanonicalBase64(text: string): Buffer | undefined {
  const bytes = decodeBase64(text)
  return bytes?.toString('base64') === text ? bytes : undefined
}
