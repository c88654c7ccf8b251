/** What an event of a stream may have beside its data (HTML Standard, section 9.2.6). */
export interface EventFields {
  /** The name under which a listener gets it; without one it is a `message`. */
  readonly event?: string
  /** What the client sends back as `last-event-id` when it connects again. */
  readonly id?: string
  /** How long the client waits before it connects again, in milliseconds. */
  readonly retryMs?: number
  /** For people who read the stream: clients ignore it. */
  readonly comment?: string
}

/**
 * Writes one event in the form of `text/event-stream`. `data` is text, and may have several lines. Throws a `TypeError`
 * for an event name or id with a line break, for an id with a NUL, which clients ignore, and for a `retryMs` that is
 * not a whole number of 0 or more.
 */
export function encodeEvent(data: string | undefined, { event, id, retryMs, comment }: EventFields = {}): string {
  let text = comment === undefined ? '' : linesOf(': ', comment)
  if (event !== undefined) text += `event: ${oneLine('event', event)}\n`
  if (id !== undefined) text += `id: ${oneLine('id', id)}\n`
  if (retryMs !== undefined) text += `retry: ${wholeMs(retryMs)}\n`
  if (data !== undefined) text += linesOf('data: ', data)
  return `${text}\n`
}

const LINE_BREAK = /\r\n|\r|\n/

const linesOf = (field: string, text: string): string =>
  text
    .split(LINE_BREAK)
    .map(line => `${field}${line}\n`)
    .join('')

function oneLine(name: 'event' | 'id', text: string): string {
  if (LINE_BREAK.test(text)) throw new TypeError(`The "${name}" of an event has a line break: give one line`)
  if (name === 'id' && text.includes('\0'))
    throw new TypeError('The "id" of an event has a NUL, and clients would ignore it: leave it out')
  return text
}

function wholeMs(retryMs: number): number {
  if (!Number.isSafeInteger(retryMs) || retryMs < 0)
    throw new TypeError(`The "retryMs" of an event is ${retryMs}: give a whole number of milliseconds, 0 or more`)
  return retryMs
}
