/**
 * The cookies of a `Cookie` header as they were sent, still percent-encoded; of two with the same name, the first (RFC
 * 6265, section 5.4, puts the more specific one there). Takes whatever user agents send, even characters that a server
 * should not set; bytes beyond ASCII are read as UTF-8. Quotes around a whole value are removed.
 */
export function parseCookies(header: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null)
  for (const pair of asUtf8(header).split(';')) {
    const mark = pair.indexOf('=')
    const name = mark < 0 ? '' : withoutBlanks(pair.slice(0, mark))
    if (name !== '' && !(name in found)) found[name] = withoutQuotes(withoutBlanks(pair.slice(mark + 1)))
  }
  return found
}

// These are loops because a pattern for blanks at the end takes quadratic time, and `trim` removes more than blanks.
function withoutBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (isBlank(text[start])) start += 1
  while (end > start && isBlank(text[end - 1])) end -= 1
  return text.slice(start, end)
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t'

const withoutQuotes = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A header's characters are its bytes; a value that is not UTF-8 stays as it is. */
function asUtf8(header: string): string {
  if (!/[\x80-\xff]/.test(header)) return header
  try {
    return decoder.decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}
