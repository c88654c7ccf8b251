import type { Choices } from './choices.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { libraries } from './libraries.ts'

const MOST_BYTES = 1_048_576
/** Node takes no more than 16 KiB of headers. */
const MOST_HEAD = 14_000
const pieces = [...'./:@-_?#&=;,[]{}$\\"\'a0 %+~', '%41', '%', 'é', '😀', '\u0001', 'ab', '../', '1.']
/** What parts URLs, and a few characters of names. */
const urlPieces = [...'./:@-?#&=%a0[', '%41']
const ends = ['', 'a', 'b', '0', '.', '/', 'example']
const names = ['id', 'total', 'kind', 'paid', 'email', 'url', '__proto__', 'constructor', '0', '']
const atoms: readonly unknown[] = [0, 1, -1.5, 1e300, '1', 'true', 'a', 'b', '', true, false, null]
const bodies = ['strict', 'record', 'union', 'list', 'formats']

/** A part repeated between two others, rather long, since most faults need length. */
const text = (choose: Choices, most: number, repeated: readonly string[] = pieces): string =>
  choose.of(ends) + choose.of(repeated).repeat(Math.max(choose.size(most), choose.size(most))) + choose.of(ends)

const ascii = (value: string): string => value.replaceAll(/[^\x21-\x7e]/gu, character => encodeURIComponent(character))

/** A request of any size up to 1 MiB, most of it in one place. */
export function fuzzCase(choose: Choices): FuzzCase {
  const most = MOST_BYTES / 4
  switch (choose.below(8)) {
    case 0:
      return get(`/${choose.of(libraries)}/query?${queryText(choose)}`)
    case 1:
      return parameters(choose)
    case 2:
    case 4:
      return post(choose, '/callback/body', JSON.stringify({ url: callbackUrl(choose, most) }))
    case 3:
      return callbackInHead(choose)
    default:
      return post(choose, `/${choose.of(libraries)}/${choose.of(bodies)}`, bodyText(choose))
  }
}

const get = (target: string, headers: Readonly<Record<string, string>> = {}): FuzzCase => ({
  method: 'GET',
  target,
  headers,
  body: '',
  chunkBytes: 0,
})

function post(choose: Choices, target: string, body: string): FuzzCase {
  const cut = Buffer.byteLength(body) > MOST_BYTES ? cutBytes(body) : body
  const chunkBytes = choose.below(3) === 0 ? choose.size(65_536) : 0
  return { method: 'POST', target, headers: { 'content-type': 'application/json' }, body: cut, chunkBytes }
}

const cutBytes = (body: string): string => Buffer.from(body).subarray(0, MOST_BYTES).toString().slice(0, -2)

function parameters(choose: Choices): FuzzCase {
  const path = encodeURIComponent(text(choose, MOST_HEAD / 4).toWellFormed()).slice(0, MOST_HEAD / 3)
  const headers = {
    'x-id': ascii(text(choose, MOST_HEAD / 4)).slice(0, MOST_HEAD / 4),
    'x-total': ascii(text(choose, MOST_HEAD / 4)).slice(0, MOST_HEAD / 4),
    cookie: repeatedPairs(choose, MOST_HEAD / 4, '; ')
      .replaceAll(/[^\x20-\x7e]/g, '')
      .slice(0, MOST_HEAD / 4),
  }
  return get(`/parameters/${path}`, headers)
}

function callbackInHead(choose: Choices): FuzzCase {
  const url = ascii(callbackUrl(choose, MOST_HEAD / 3)).slice(0, MOST_HEAD)
  const none = { method: 'POST', body: '', chunkBytes: 0 } as const
  return choose.below(2) === 0
    ? { ...none, target: '/callback/header', headers: { 'x-url': url } }
    : {
        ...none,
        target: `/callback/query?url=${encodeURIComponent(url.toWellFormed()).slice(0, MOST_HEAD)}`,
        headers: {},
      }
}

const queryText = (choose: Choices): string => ascii(repeatedPairs(choose, MOST_HEAD, '&')).slice(0, MOST_HEAD)

/** Names that repeat or count, with or without values. */
function repeatedPairs(choose: Choices, most: number, separator: string): string {
  const name = choose.of([...names, ...pieces])
  const counts = choose.below(2) === 0
  const value = choose.of(['', '=', '=1', `=${text(choose, 100)}`])
  const count = choose.size(most / (name.length + value.length + 3))
  return Array.from({ length: count }, (_, index) => `${name}${counts ? index : ''}${value}`).join(separator)
}

function callbackUrl(choose: Choices, most: number): string {
  const long = choose.of(['user', 'host', 'host', 'port', 'path', 'path', 'query', 'fragment', 'all'] as const)
  const part = (name: string, otherwise: string): string => (name === long ? text(choose, most, urlPieces) : otherwise)
  if (long === 'all') return text(choose, most)
  const user = part('user', '')
  const port = part('port', '')
  const query = part('query', '')
  const fragment = part('fragment', '')
  return [
    `${choose.of(['http', 'https'])}://`,
    user && `${user}@`,
    part('host', choose.of(['hooks.example', 'a', '127.0.0.1', '[::1]'])),
    port && `:${port}`,
    choose.of(['', '/', '/']) + part('path', ''),
    query && `?${query}`,
    fragment && `#${fragment}`,
  ].join('')
}

/** JSON of a size that is equally likely to be of any order. */
function bodyText(choose: Choices): string {
  const bytes = choose.size(MOST_BYTES)
  if (choose.below(10) === 0) return nested(choose, bytes)
  return JSON.stringify(value(choose, bytes, 3)) ?? 'null'
}

function nested(choose: Choices, bytes: number): string {
  const [open, close] = choose.of([
    ['[', ']'],
    ['{"id":', '}'],
    ['[{"a":', '}]'],
  ] as const)
  const depth = Math.floor(bytes / (open.length + close.length))
  return open.repeat(depth) + choose.of(['1', '""', '']) + close.repeat(depth)
}

function value(choose: Choices, bytes: number, depth: number): unknown {
  if (bytes < 8) return choose.of(atoms)
  switch (depth === 0 ? 3 + choose.below(2) : choose.below(5)) {
    case 0:
      return manyNames(choose, bytes, depth)
    case 1:
      return Object.fromEntries(
        names.slice(0, 1 + choose.below(6)).map(name => [name, value(choose, bytes / 6, depth - 1)]),
      )
    case 2: {
      const inner = choose.size(bytes)
      const item = value(choose, inner, depth - 1)
      const itemBytes = JSON.stringify(item).length + 1
      return Array.from({ length: Math.max(1, Math.floor(bytes / itemBytes)) }, () => item)
    }
    case 3:
      return text(choose, bytes)
    default:
      return choose.of(atoms)
  }
}

/** An object of few long or many short names. */
function manyNames(choose: Choices, bytes: number, depth: number): unknown {
  const most = choose.size(bytes)
  const name = text(choose, Math.min(most, choose.size(bytes)))
  const inner = choose.below(2) === 0 ? choose.of(atoms) : value(choose, choose.size(bytes / 4), depth - 1)
  const each = name.length + JSON.stringify(inner).length + 8
  const count = Math.max(1, Math.floor(bytes / each))
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, inner]))
}
