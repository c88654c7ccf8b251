/** One sender that a `CDN-Loop` header names (RFC 8586, section 2), in lower case, with the values of its parameters. */
export interface CdnInfo {
  readonly id: string
  /** The values of a parameter, whatever the case of its name. */
  values(name: string): string[]
}

/** Reads a `CDN-Loop` header; lines of the header are joined by commas. Anything but a parameter is skipped. */
export function parseCdnLoop(header: string): CdnInfo[] {
  return splitUnquoted(header, ',').map(info => {
    const [id = '', ...parameters] = splitUnquoted(info, ';').map(part => part.trim())
    const values = (name: string) => parameters.flatMap(parameter => textsOf(parameter, name))
    return { id: id.toLowerCase(), values }
  })
}

function textsOf(parameter: string, name: string): string[] {
  const sign = parameter.indexOf('=')
  if (sign < 0 || parameter.slice(0, sign).trim().toLowerCase() !== name) return []
  return [unquoted(parameter.slice(sign + 1).trim())]
}

/** RFC 9110, section 5.6.4. */
const unquoted = (value: string): string =>
  value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1')
    : value

/**
 * Splits where no quotes stand around the separator. Quotes that are never closed do not count, lest they hide what
 * follows.
 */
function splitUnquoted(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (quoted && character === '\\') index += 1
    else if (character === '"') quoted = !quoted
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return quoted ? text.split(separator) : [...parts, text.slice(start)]
}
