import type { Choices } from '../choices.ts'
import { bytesOf, COUNT, type Text } from '../text.ts'
import { stretched } from './stretched.ts'

/** The names of the schemas' properties, and a few that objects inherit. */
export const NAMES = ['id', 'total', 'kind', 'paid', 'items', 'url', 'email', '__proto__', 'constructor', '0', '']
const ATOMS = ['0', '1', '-1.5', '1e300', '"1"', '"true"', '"a"', '"b"', '""', 'true', 'false', 'null', '{}', '[]']
const DEPTH = 4
/** With fewer bytes hardly anything can go wrong. */
const LEAST = 32

/** The least that a body must contain, so that it is not refused at once. */
export type Outermost = 'object' | 'list'

/** JSON of any size up to `most` bytes, mostly of one kind, and sometimes broken. */
export function jsonBody(choose: Choices, most: number, outermost: Outermost): Text {
  const bytes = LEAST * choose.size(most / LEAST)
  const value = choose.oneIn(5) ? jsonValue(choose, bytes, DEPTH) : outermostValue(choose, bytes, outermost)
  return choose.oneIn(30) ? [value, choose.of(['}', ']', ',', '"', '\u0000', ' 1'])] : value
}

function outermostValue(choose: Choices, bytes: number, outermost: Outermost): Text {
  if (outermost === 'list') return list(choose, bytes, DEPTH)
  return choose.oneIn(2) ? knownNames(choose, bytes, DEPTH) : manyNames(choose, bytes, DEPTH)
}

/** A text as a JSON string. */
export const jsonString = (text: Text): Text => ['"', text, '"']

/** The text of a character inside of a JSON string. */
export const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1)

function jsonValue(choose: Choices, bytes: number, depth: number): Text {
  if (bytes < 8 || depth === 0) return choose.of(ATOMS)
  switch (choose.below(11)) {
    case 0:
      return choose.of(ATOMS)
    case 1:
    case 10:
      return jsonString(stretched(choose, bytes, undefined, jsonEscaped))
    case 2:
      return [choose.of(['1', '-0.', '1e']), { piece: choose.of(['0', '9']), times: choose.size(bytes) }]
    case 3:
      return nested(choose, bytes)
    case 4:
      return knownNames(choose, bytes, depth)
    case 5:
    case 6:
      return manyNames(choose, bytes, depth)
    default:
      return list(choose, bytes, depth)
  }
}

/** Nested lists and objects, closed or not. */
function nested(choose: Choices, bytes: number): Text {
  const [open, close] = choose.of([
    ['[', ']'],
    ['{"id":', '}'],
    ['[{"items":', '}]'],
    ['{"id":"a","items":[', ']}'],
  ] as const)
  const times = Math.ceil(bytes / (open.length + close.length))
  return [{ piece: open, times }, choose.of(ATOMS), { piece: close, times }]
}

/** An object with most of its bytes in one property. */
function knownNames(choose: Choices, bytes: number, depth: number): Text {
  const first = choose.below(3)
  const names = NAMES.slice(first, first + 1 + choose.below(NAMES.length - first))
  const long = choose.of(names)
  const members = names.map((name, index): Text => {
    const value = name === long ? jsonValue(choose, bytes, depth - 1) : choose.of(ATOMS)
    return [index === 0 ? '' : ',', JSON.stringify(name), ':', value]
  })
  return ['{', members, '}']
}

/** Few long or many short ones, all different. */
function manyNames(choose: Choices, bytes: number, depth: number): Text {
  const name = choose.oneIn(3)
    ? stretched(choose, choose.size(bytes), undefined, jsonEscaped)
    : choose.of(['', 'a', 'id'])
  const value = choose.oneIn(3) ? jsonValue(choose, choose.size(bytes), depth - 1) : choose.of(ATOMS)
  const member: Text = ['"', name, COUNT, '":', value]
  const last: Text = ['"":', choose.of(ATOMS), '}']
  return ['{', { piece: [member, ','], times: fitting([member, ','], bytes) }, last]
}

function list(choose: Choices, bytes: number, depth: number): Text {
  const item = jsonValue(choose, choose.size(Math.min(bytes, 2 * choose.size(bytes))), depth - 1)
  return ['[', { piece: [item, ','], times: fitting([item, ','], bytes) }, choose.of(ATOMS), ']']
}

const fitting = (piece: Text, bytes: number): number => Math.max(1, Math.floor(bytes / bytesOf(piece)))
