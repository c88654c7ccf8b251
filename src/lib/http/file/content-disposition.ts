/** How a browser treats a file: saves it, or shows it. */
export type Disposition = 'attachment' | 'inline'

/**
 * A `Content-Disposition` header (RFC 6266). A name that ASCII cannot hold is given twice: in UTF-8 (RFC 8187), and with
 * question marks for clients that do not know that form. What stands before a slash is left out, and nothing in a name
 * can begin another parameter or header.
 */
export function contentDisposition(disposition: Disposition, filename: string | undefined): string {
  if (filename === undefined) return disposition
  const name = lastSegment(filename.toWellFormed())
  const plain = name.replaceAll(NOT_PRINTABLE_ASCII, '?')
  const quoted = `${disposition}; filename="${plain.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  // Some clients decode "%41" in a quoted name.
  return plain === name && !name.includes('%') ? quoted : `${quoted}; filename*=UTF-8''${extended(name)}`
}

const NOT_PRINTABLE_ASCII = /[^\u0020-\u007E]/gu

const lastSegment = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** `encodeURIComponent` leaves four characters that an extended value must not have (RFC 8187, section 3.2.1). */
const extended = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
