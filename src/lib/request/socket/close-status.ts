import { quoted } from '../../definition/quoted.ts'

/** A close frame has 125 bytes, two of which are the code (RFC 6455, section 5.5). */
const MOST_REASON_BYTES = 123

/** Throws a `RangeError` for a code that may not be sent (RFC 6455, section 7.4), and for a reason that is too long. */
export function checkClose(code: unknown, reason: unknown): void {
  if (!(Number.isInteger(code) && SENDABLE.some(([from, to]) => Number(code) >= from && Number(code) <= to)))
    throw new RangeError(
      `A WebSocket cannot be closed with ${quoted(code)}: give 1000, another code of the protocol that may be sent, or one of your own from 3000 to 4999`,
    )
  if (typeof reason !== 'string') throw new RangeError(`The reason is ${quoted(reason)}: give text`)
  const bytes = Buffer.byteLength(reason)
  if (bytes > MOST_REASON_BYTES)
    throw new RangeError(
      `The reason has ${bytes} bytes of UTF-8: a WebSocket can carry ${MOST_REASON_BYTES}, so give a shorter one`,
    )
}

const SENDABLE: readonly (readonly [from: number, to: number])[] = [
  [1000, 1003],
  [1007, 1014],
  [3000, 4999],
]

/** The beginning of a text that is short enough for a close frame, no character cut in two. */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.byteLength <= MOST_REASON_BYTES) return bytes.toString()
  let end = MOST_REASON_BYTES - ELLIPSIS_BYTES
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1
  return `${bytes.toString('utf8', 0, end)}…`
}

const ELLIPSIS_BYTES = Buffer.byteLength('…')
