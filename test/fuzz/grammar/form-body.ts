import type { Choices } from '../choices.ts'
import { bytesOf, COUNT, mapped, type Text } from '../text.ts'
import { jsonBody, NAMES } from './json-body.ts'
import { stretched } from './stretched.ts'

/** A body with the media type under which it is sent. */
export interface FormBody {
  readonly type: string
  readonly body: Text
}

const BOUNDARY = 'b'
const OBJECT_NAMES = ['items[id]', 'items[a][b]', `items[${COUNT}]`, 'items[', 'items]', 'items[]']

/** A form of any size up to `most` bytes in one of its encodings, mostly of one kind of part, and sometimes broken. */
export function formBody(choose: Choices, most: number): FormBody {
  if (choose.oneIn(3)) return { type: 'application/x-www-form-urlencoded', body: urlencoded(choose, most) }
  const boundary = choose.oneIn(8) ? 'x'.repeat(choose.size(70)) : BOUNDARY
  const ending = choose.oneIn(12) ? choose.of(['', '--', '\r\n', `\r\n--${boundary}`]) : `--${boundary}--\r\n`
  const before = choose.oneIn(12) ? stretched(choose, choose.size(most / 4)) : ''
  const body = [before, parts(choose, most, boundary), ending]
  return { type: `multipart/form-data; boundary=${boundary}`, body }
}

function urlencoded(choose: Choices, most: number): Text {
  const value = choose.oneIn(3)
    ? mapped(stretched(choose, choose.size(most)), encodeText)
    : choose.of(['', '1', 'a', '%', '%ff'])
  const pair: Text = [nameOf(choose), choose.oneIn(8) ? '' : '=', value, '&']
  return [{ piece: pair, times: fitting(pair, most) }, 'id=a']
}

/** Few long or many short ones, the last of which may be another. */
function parts(choose: Choices, most: number, boundary: string): Text {
  const bytes = choose.size(most)
  const part = partOf(choose, choose.oneIn(2) ? bytes : choose.size(bytes), boundary)
  return [
    { piece: part, times: fitting(part, bytes) },
    choose.oneIn(3) ? partOf(choose, choose.size(most / 2), boundary) : '',
  ]
}

function partOf(choose: Choices, bytes: number, boundary: string): Text {
  const name = nameOf(choose)
  const file = choose.oneIn(3) ? `; filename="${choose.of(['', 'f', '../../etc/passwd', COUNT, '"', '\\'])}"` : ''
  const head: Text = [`Content-Disposition: form-data; name="`, name, `"${file}\r\n`, otherHeaders(choose)]
  const heads: Text = choose.oneIn(20) ? { piece: head, times: choose.size(1_000) } : head
  return [`--${boundary}\r\n`, choose.oneIn(30) ? '' : heads, '\r\n', content(choose, bytes, boundary), '\r\n']
}

function otherHeaders(choose: Choices): Text {
  if (!choose.oneIn(4)) return ''
  if (choose.oneIn(4)) return ['X-Long: ', inLine(stretched(choose, choose.size(100_000))), '\r\n']
  const types = ['text/plain; charset=utf-16le', 'application/json', 'multipart/mixed; boundary=c', 'image/png', ';;=']
  return `Content-Type: ${choose.of(types)}\r\n`
}

function content(choose: Choices, bytes: number, boundary: string): Text {
  switch (choose.below(7)) {
    case 0:
      return jsonBody(choose, bytes, 'object')
    case 1:
      return [
        {
          piece: choose.of(['\r', '\n', '-', '\r\n', `\r\n-`, `\r\n--`, `\r\n--${boundary.slice(1)}`]),
          times: choose.size(bytes),
        },
      ]
    // A form inside of a part, and the beginning of a boundary again and again.
    case 2:
      return bytes < 200 ? '' : parts(choose, bytes / 2, choose.of(['c', boundary]))
    case 3:
      return stretched(choose, bytes)
    default:
      return choose.of(['', '1', 'a', 'true', '{}', '[]', 'null'])
  }
}

function nameOf(choose: Choices): Text {
  if (choose.oneIn(3)) return choose.of(OBJECT_NAMES)
  if (choose.oneIn(6)) return inLine(stretched(choose, choose.size(10_000)))
  return [choose.of([...NAMES, 'file']), choose.oneIn(3) ? COUNT : '']
}

const encodeText = (text: string): string => encodeURIComponent(text.toWellFormed())

/** Neither ends its line nor its quotes. */
const inLine = (text: Text): Text => mapped(text, piece => piece.replaceAll(/[\r\n"]/g, '.'))

const fitting = (piece: Text, bytes: number): number => Math.max(1, Math.floor(bytes / bytesOf(piece)))
