import type { ResponseHeaders } from '../http/request-view.ts'
import { validateHeaderName, validateHeaderValue } from '../node-http.ts'
import type { ParameterGroup } from '../operation/compiled/parameter-group.ts'
import type { RespondOptions } from '../operation/context.ts'
import type { Validated } from '../schema/compiled-schema.ts'
import { joinedVary } from './merge-headers.ts'
import { cookieLine } from './respond.ts'

/**
 * The headers of a response: those that were set before it existed, and its own, which win. Cookies and `vary` are
 * combined.
 */
export function headersOfResponse(prepared: Headers | undefined, options?: RespondOptions): ResponseHeaders {
  const made: ResponseHeaders = {}
  // Most responses have none.
  if (prepared === undefined && options === undefined) return made
  const { headers = {}, cookies = {} } = options ?? {}
  for (const [name, value] of prepared ?? []) setHeader(made, name, name === 'set-cookie' ? [value] : value)
  for (const [name, value] of Object.entries(headers)) setHeader(made, name, value)
  for (const [name, cookie] of Object.entries(cookies)) setHeader(made, 'set-cookie', [cookieLine(name, cookie)])
  return made
}

/** Reads the headers of a response by the schema that declares them, as those of a request are read. */
export function readHeaders(
  { properties, read }: ParameterGroup,
  headers: ResponseHeaders,
): Validated | Promise<Validated> {
  return read(Object.fromEntries([...properties.keys()].map(name => [name, headers[name.toLowerCase()]])))
}

/** Replaces the headers that the schema read by those it gave. */
export function writeHeaders(headers: ResponseHeaders, value: unknown): void {
  for (const [name, given] of Object.entries(value as object)) {
    delete headers[name.toLowerCase()]
    setHeader(headers, name, given)
  }
}

/** These keep the values of everybody who sets them. */
const ADDED: Readonly<Record<string, (before: string | readonly string[], lines: string[]) => string | string[]>> = {
  'set-cookie': (before, lines) => [...[before].flat(), ...lines],
  vary: (before, lines) => joinedVary([before].flat().join(), lines.join()),
}

/** Sets a header, or adds to one that keeps the values of everybody. */
export function setHeader(headers: ResponseHeaders, name: string, value: unknown): void {
  const lines = linesOf(name, value)
  const key = name.toLowerCase()
  const before = headers[key]
  if (lines.length === 0) return
  const add = before === undefined ? undefined : ADDED[key]
  headers[key] = add === undefined ? (Array.isArray(value) ? lines : lines[0]!) : add(before!, lines)
}

/** Headers that say where the response ends: only the server sets them. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/** The texts of a header, checked by Node (RFC 9110, section 5.5), so that no line break can begin another field. */
function linesOf(name: string, value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (FRAMING.has(name.toLowerCase()))
    throw new TypeError(`"${name}" is set by the server: remove it from the headers of the response`)
  validateHeaderName(name)
  const lines = [value].flat().map(item => textOf(name, item))
  for (const line of lines) validateHeaderValue(name, line)
  return lines
}

const TEXTS: ReadonlySet<string> = new Set(['string', 'number', 'boolean'])

function textOf(name: string, value: unknown): string {
  if (TEXTS.has(typeof value)) return String(value)
  const what = value instanceof Date ? 'a date' : typeof value
  throw new TypeError(`The header "${name}" is ${what}: give text, a number, a boolean or a list of them`)
}
