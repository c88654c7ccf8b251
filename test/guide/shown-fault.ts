import type { ShownResponse } from './send-curl.ts'

/** What differs between a response as a page shows it and the real one: undefined for nothing. `…` stands for any text. */
export function responseFault(shown: string, real: ShownResponse): string | undefined {
  const blank = shown.indexOf('\n\n')
  const head = (blank < 0 ? shown : shown.slice(0, blank)).trim()
  const body = blank < 0 ? '' : shown.slice(blank + 2)
  const [statusLine = '', ...headers] = head.split('\n')
  if (statusLine !== real.statusLine) return difference(statusLine, `${real.statusLine}\n${real.body}`)
  for (const line of headers) {
    const [name = ''] = line.split(':', 1)
    const value = real.headers[name.toLowerCase()]
    if (value === undefined || !fits(line, `${name}: ${value}`)) return difference(line, `${name}: ${value}`)
  }
  return textFault(body, real.body)
}

/** The same for a text alone, such as a body; JSON may be laid out in another way. */
function textFault(shown: string, real: string): string | undefined {
  const [wanted, given] = [jsonText(shown), jsonText(real)]
  if (wanted !== undefined && given !== undefined) return fits(wanted, given) ? undefined : difference(wanted, given)
  return fits(trimmed(shown), trimmed(real)) ? undefined : difference(trimmed(shown), trimmed(real))
}

/**
 * What a part of the document lacks of what a page shows: a page may leave members of objects out. The place of the
 * first difference stands before it.
 */
export function partFault(shown: unknown, real: unknown, place = '#'): string | undefined {
  if (Array.isArray(shown) && Array.isArray(real) && shown.length === real.length)
    return shown.map((item, index) => partFault(item, real[index], `${place}/${index}`)).find(isFault)
  if (isRecord(shown) && isRecord(real))
    return Object.entries(shown)
      .map(([name, value]) => partFault(value, real[name], `${place}/${name}`))
      .find(isFault)
  const [wanted, given] = [JSON.stringify(shown), JSON.stringify(real) ?? 'nothing']
  return fits(wanted, given) ? undefined : `at ${place}\n${difference(wanted, given)}`
}

/** Whether a text is the one that is shown, with anything in the place of each `…`. */
export function fits(shown: string, real: string): boolean {
  const [first = '', ...rest] = shown.split('…')
  if (rest.length === 0) return shown === real
  const last = rest.pop() ?? ''
  if (!real.startsWith(first) || real.length < first.length + last.length || !real.endsWith(last)) return false
  let from = first.length
  for (const part of rest) {
    const place = real.indexOf(part, from)
    if (place < 0 || place + part.length > real.length - last.length) return false
    from = place + part.length
  }
  return true
}

const difference = (wanted: string, real: string): string => `wanted: ${wanted}\nreal:   ${real}`

const isFault = (fault: string | undefined): boolean => fault !== undefined

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const trimmed = (text: string): string =>
  text
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .trim()

function jsonText(text: string): string | undefined {
  const value = parsed(text)
  return value === undefined ? undefined : JSON.stringify(value)
}

/** The value of a JSON text; undefined if it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
