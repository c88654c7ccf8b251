import type { Choices } from '../choices.ts'
import type { FuzzCase } from '../fuzz-case.ts'
import { bodies, forms, libraries } from '../libraries.ts'
import { COUNT, mapped, type Text } from '../text.ts'
import { callbackUrl } from './callback-url.ts'
import { formBody } from './form-body.ts'
import { jsonBody, jsonEscaped, jsonString, NAMES } from './json-body.ts'
import { stretched } from './stretched.ts'

const MOST_BODY = 1_048_576
/** Node takes no more than 16 KiB of headers, the target among them. */
const MOST_HEAD = 14_000
/** A character may become three times as long in a target. */
const MOST_TARGET = MOST_HEAD / 3

/** A request of any size up to 1 MiB, most of it in one place. */
export function request(choose: Choices): FuzzCase {
  const prefix = `${choose.oneIn(5) ? '/middle' : ''}/${choose.of(libraries)}`
  const of = choose.below(20)
  if (of === 0) return inHead('GET', [prefix, '/query?', pairs(choose, '&')])
  if (of === 1) return parameters(choose, prefix)
  if (of === 2) return callbackInHead(choose, prefix)
  if (of <= 6) return { ...withBody(choose, callbackBody(choose)), target: `${prefix}/callback/body` }
  if (of === 7) {
    const target = [prefix, '/guarded?', pairs(choose, '&')]
    return { ...withBody(choose, jsonBody(choose, MOST_BODY, 'object')), target }
  }
  if (of <= 11) {
    const { type, body } = formBody(choose, MOST_BODY)
    return { ...withBody(choose, body, type), target: `${prefix}/form/${choose.of(forms)}` }
  }
  const [name, outermost] = choose.of(Object.entries(bodies))
  return { ...withBody(choose, jsonBody(choose, MOST_BODY, outermost)), target: `${prefix}/${name}` }
}

const inHead = (method: string, target: Text, headers: Readonly<Record<string, Text>> = {}): FuzzCase => ({
  method,
  target,
  headers: { authorization: 'Bearer a', ...headers },
  body: '',
  chunkBytes: 0,
})

function withBody(choose: Choices, body: Text, type = contentType(choose)): Omit<FuzzCase, 'target'> {
  return {
    method: choose.oneIn(30) ? choose.of(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) : 'POST',
    headers: {
      ...(choose.oneIn(4) ? {} : { authorization: choose.oneIn(4) ? credentials(choose) : 'Bearer a' }),
      ...(type !== '' && { 'content-type': type }),
    },
    body,
    chunkBytes: choose.oneIn(20) ? choose.size(choose.size(65_536)) : 0,
  }
}

function contentType(choose: Choices): Text {
  if (!choose.oneIn(6)) return 'application/json'
  const odd = ['', 'text/plain', 'application/json; charset=utf-8', 'application/vnd.a+json']
  return choose.of([...odd, ['application/', inLine(stretched(choose, MOST_TARGET))]])
}

const credentials = (choose: Choices): Text => [
  choose.of(['Bearer ', 'bearer', 'Basic ']),
  inLine(stretched(choose, MOST_TARGET)),
]

function parameters(choose: Choices, prefix: string): FuzzCase {
  const value = () => (choose.oneIn(2) ? choose.of(['1', 'a', '1,2']) : inLine(stretched(choose, MOST_TARGET / 3)))
  return inHead('GET', [prefix, '/parameters/', mapped(value(), encoded)], {
    'x-id': value(),
    'x-total': value(),
    cookie: mapped(pairs(choose, '; '), piece => piece),
  })
}

function callbackInHead(choose: Choices, prefix: string): FuzzCase {
  const url = callbackUrl(choose, MOST_TARGET)
  return choose.oneIn(2)
    ? inHead('POST', `${prefix}/callback/header`, { 'x-url': inLine(url) })
    : inHead('POST', [prefix, '/callback/query?url=', mapped(url, encoded)])
}

function callbackBody(choose: Choices): Text {
  const url = jsonString(mapped(callbackUrl(choose, MOST_BODY / 2), jsonEscaped))
  if (!choose.oneIn(6)) return ['{"url":', url, ',"id":"a"}']
  return [
    '{"url":"https://hooks.example","id":',
    jsonString(stretched(choose, MOST_BODY / 2, undefined, jsonEscaped)),
    '}',
  ]
}

/** Names that repeat or count, with or without values. */
function pairs(choose: Choices, separator: string): Text {
  const name = choose.oneIn(2) ? choose.of(NAMES) : mapped(stretched(choose, choose.size(MOST_TARGET / 4)), encoded)
  const value = choose.of(['', '=', '=1', '=1,2', ['=', mapped(stretched(choose, 100), encoded)]])
  const pair: Text = [name, choose.oneIn(2) ? COUNT : '', value, separator]
  return [{ piece: pair, times: choose.size(MOST_HEAD / 10) }, choose.of(['', 'id=1', 'total=1'])]
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

/** A header contains visible characters only. */
const inLine = (text: Text): Text => mapped(text, piece => piece.replaceAll(/[^\x20-\x7e]/gu, encoded))
