import { parseJsonPointer } from '../json/json-pointer.ts'
import type { Expression, Message } from './expression.ts'

/** Ends a scan: `index` is where, counted from the beginning of the scanned text, `reason` why. Always throws. */
export type Fail = (index: number, reason: string) => never

const wholes: ReadonlyMap<string, Expression> = new Map<string, Expression>([
  ['$url', Object.freeze({ kind: 'url' })],
  ['$method', Object.freeze({ kind: 'method' })],
  ['$statusCode', Object.freeze({ kind: 'status-code' })],
])

/**
 * Reads one expression, `$` included, by the grammar of OpenAPI 3.1.1, "Runtime Expressions"; unless `standard`, also
 * the shorthand `$name` and `$request.body.a.b`.
 */
export function scanExpression(text: string, standard: boolean, fail: Fail): Expression {
  if (text.endsWith(' ')) return fail(text.trimEnd().length, `"${text}" ends in a space`)
  if (text.startsWith('$request.')) return scanRequest(text, standard, fail)
  if (text.startsWith('$response.')) return scanResponse(text, standard, fail)
  return wholes.get(text) ?? scanShorthand(text, standard, fail)
}

function scanRequest(text: string, standard: boolean, fail: Fail): Expression {
  const source = text.slice('$request.'.length)
  if (source.startsWith('query.')) return Object.freeze({ kind: 'query', name: scanName(text, 'query.', fail) })
  if (source.startsWith('path.')) return Object.freeze({ kind: 'path', name: scanName(text, 'path.', fail) })
  if (source.startsWith('header.')) return scanHeader(text, 'request', fail)
  if (source.startsWith('body')) return scanBody(text, 'request', standard, fail)
  const reason = `"${text}" is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"`
  return fail('$request.'.length, reason)
}

function scanResponse(text: string, standard: boolean, fail: Fail): Expression {
  const source = text.slice('$response.'.length)
  if (source.startsWith('header.')) return scanHeader(text, 'response', fail)
  if (source.startsWith('body')) return scanBody(text, 'response', standard, fail)
  const reason = `"${text}" is not a runtime expression: "$response." must be followed by "header." or "body"`
  return fail('$response.'.length, reason)
}

/** A name is a sequence of RFC 7159 `char`: what may stand between the quotation marks of a JSON string. */
function scanName(text: string, source: 'query.' | 'path.', fail: Fail): string {
  const start = `$request.${source}`.length
  if (text.length === start) return fail(start, `"${text}" lacks a name after "${source}"`)
  try {
    return JSON.parse(`"${text.slice(start)}"`)
  } catch {
    return fail(start, `"${text}" has a character that a name must escape, as in JSON: ", \\ or a control character`)
  }
}

function scanHeader(text: string, message: Message, fail: Fail): Expression {
  const start = `$${message}.header.`.length
  const name = text.slice(start)
  if (name === '') return fail(start, `"${text}" lacks a name after "header."`)
  // RFC 7230, section 3.2.6
  const wrong = name.search(/[^!#$%&'*+\-.^_`|~0-9A-Za-z]/)
  if (wrong >= 0) return fail(start + wrong, `"${name}" is not a header name`)
  return Object.freeze({ kind: 'header', message, name })
}

function scanBody(text: string, message: Message, standard: boolean, fail: Fail): Expression {
  const start = `$${message}.body`.length
  const place = text.slice(start)
  const pointer = place.startsWith('.')
    ? scanDotted(text, start, standard, fail)
    : scanPointer(text, start, standard, fail)
  return Object.freeze({ kind: 'body', message, pointer: Object.freeze(pointer) })
}

function scanPointer(text: string, start: number, standard: boolean, fail: Fail): string[] {
  const pointer = text.slice(start + 1)
  const wellBegun = text.length === start || (text[start] === '#' && (pointer === '' || pointer.startsWith('/')))
  if (!wellBegun) {
    const forms = standard ? '"#/pointer"' : '"#/pointer" or ".property"'
    return fail(start, `"${text}" is not a runtime expression: "body" may be followed only by ${forms}`)
  }
  // RFC 6901, section 3
  const tilde = pointer.search(/~(?![01])/)
  if (tilde >= 0) return fail(start + 1 + tilde, `"${text}" has a "~" that must be written "~0"`)
  return parseJsonPointer(pointer)
}

function scanDotted(text: string, start: number, standard: boolean, fail: Fail): string[] {
  if (standard) {
    return fail(start, `"${text}" is not a runtime expression: "body" may be followed only by "#/pointer"`)
  }
  const path = text.slice(start + 1)
  const mark = path.search(/[#/]/)
  if (mark >= 0) return fail(start + 1 + mark, `"${text}" mixes dots with "/" or "#": a pointer is written "#/a/b"`)
  const empty = `.${path}.`.indexOf('..')
  if (empty >= 0) return fail(start + empty, `"${text}" lacks a name after "."`)
  return path.split('.')
}

function scanShorthand(text: string, standard: boolean, fail: Fail): Expression {
  const name = text.slice(1)
  if (!/^[^.#/ ]+$/.test(name) || name === 'request' || name === 'response') {
    const forms = '"$url", "$method", "$statusCode", "$request.", "$response."'
    const last = standard ? '' : ', or be "$" and the name of one parameter'
    return fail(0, `"${text}" is not a runtime expression: it must begin with ${forms}${last}`)
  }
  if (standard) {
    const forms = `"$request.query.${name}", "$request.path.${name}" or "$request.header.${name}"`
    return fail(0, `"${text}" is not a runtime expression of OpenAPI: a parameter is written ${forms}`)
  }
  return Object.freeze({ kind: 'shorthand', name })
}
