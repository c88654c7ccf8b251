import type { ShownResponse } from './send-curl.ts'
import { fits, isRecord, parsed } from './shown-fault.ts'

/** What a page should show in place of what it shows: the `…` that still fit stay, and so does the choice of headers. */
export function renewedResponse(shown: string, real: ShownResponse): string {
  const blank = shown.indexOf('\n\n')
  const head = blank < 0 ? shown : shown.slice(0, blank)
  const headers = head.split('\n').slice(1)
  const kept = headers.flatMap(line => {
    const [name = ''] = line.split(':', 1)
    const value = real.headers[name.toLowerCase()]
    return value === undefined ? [] : [renewedText(line, `${name}: ${value}`)]
  })
  const body = renewedBody(blank < 0 ? '' : shown.slice(blank + 2), real.body)
  return [real.statusLine, ...kept, ...(body === '' ? [] : ['', body])].join('\n')
}

/** The same for a part of the document, of which the page keeps its choice of members. */
export function renewedPart(shown: unknown, real: unknown): string {
  return laidOut(chosen(shown, real))
}

/**
 * The same for lines of an example: what the file has now from the first to the last line of each paragraph, or to a blank
 * line where it has no such last line.
 */
export function renewedQuotation(quotation: string, source: string): string {
  const lines = source.split('\n')
  const paragraphs = quotation.split(/\n{2,}/).map(paragraph => {
    const [first = '', ...others] = paragraph.split('\n')
    const begin = lines.indexOf(first)
    if (begin < 0) return paragraph
    const last = lines.indexOf(others.at(-1) ?? first, begin)
    return lines.slice(begin, last < 0 ? lines.indexOf('', begin) : last + 1).join('\n')
  })
  return paragraphs.join('\n\n')
}

function renewedBody(shown: string, real: string): string {
  const value = parsed(real)
  return value === undefined ? renewedText(shown, real.trimEnd()) : laidOut(merged(parsed(shown), value))
}

const renewedText = (shown: string, real: string): string => (fits(shown.trim(), real.trim()) ? shown.trim() : real)

/** The real value, with the texts of the page that fit it. */
function merged(shown: unknown, real: unknown): unknown {
  if (typeof shown === 'string' && typeof real === 'string') return fits(shown, real) ? shown : real
  if (Array.isArray(real))
    return real.map((item, index) => merged(Array.isArray(shown) ? shown[index] : undefined, item))
  if (!isRecord(real)) return real
  return Object.fromEntries(
    Object.entries(real).map(([name, value]) => [name, merged(isRecord(shown) ? shown[name] : undefined, value)]),
  )
}

/** The members of the real value that the page shows. */
function chosen(shown: unknown, real: unknown): unknown {
  if (!(isRecord(shown) && isRecord(real))) return merged(shown, real)
  const names = Object.keys(shown).filter(name => name in real)
  return Object.fromEntries(names.map(name => [name, chosen(shown[name], real[name])]))
}

const LINE = 110

/** JSON as the guide lays it out: on one line where there is room. */
function laidOut(value: unknown, indent = ''): string {
  const line = onOneLine(value)
  if (line.length + indent.length < LINE || typeof value !== 'object' || value === null) return line
  const deeper = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map(item => deeper + laidOut(item, deeper)).join(',\n')}\n${indent}]`
  const members = Object.entries(value).map(
    ([name, one]) => `${deeper}${JSON.stringify(name)}: ${laidOut(one, deeper)}`,
  )
  return `{\n${members.join(',\n')}\n${indent}}`
}

const onOneLine = (value: unknown): string =>
  JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ').replaceAll('[ ', '[').replaceAll(' ]', ']')
