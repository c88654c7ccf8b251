import { checkNames, unknownNameIn, unknownNameText } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { itemText, whenChecked } from '../../http/body/item-text.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import { type EventFields, encodeEvent } from '../../http/event-stream.ts'
import type { Schema, Sendable } from '../../schema/schema.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

const FIELD_NAMES: Readonly<Record<keyof EventFields, true>> = { event: true, id: true, retryMs: true, comment: true }

/**
 * An item of an event stream with a name, an id, a time to wait, or a comment: what `serverSentEvent` makes.
 *
 * @example
 * ```ts
 * import { ServerSentEvent, serverSentEvent } from 'ringback'
 *
 * console.log(serverSentEvent({ price: 7 }, { event: 'price' }) instanceof ServerSentEvent) // true
 * ```
 */
export class ServerSentEvent<T = unknown> {
  readonly data: T
  readonly fields: EventFields

  constructor(data: T, fields: EventFields) {
    const unknown = unknownNameIn(fields, FIELD_NAMES)
    if (unknown !== undefined) throw new TypeError(unknownNameText(unknown, FIELD_NAMES, 'the fields of an event'))
    this.data = data
    this.fields = fields
  }
}

/**
 * Adds fields to the data of an item of an event stream: `event`, `id`, `retryMs`, `comment` (HTML Standard, section
 * 9.2).
 *
 * @example
 * ```ts
 * import { serverSentEvent } from 'ringback'
 *
 * console.log(serverSentEvent({ price: 7 }, { event: 'price', id: '1' }).fields) // { event: 'price', id: '1' }
 * ```
 */
export const serverSentEvent = <T>(data: T, fields: EventFields): ServerSentEvent<T> =>
  new ServerSentEvent(data, fields)

/** What a handler of an event stream returns: a generator, or anything that gives items one by one. */
export type EventItems<T> = AsyncIterable<T | ServerSentEvent<T>> | Iterable<T | ServerSentEvent<T>>

/** The schema that `eventStream` gives. */
export type EventStreamSchema<S extends Schema> = ContentSchema<EventItems<Sendable<S>>, string, 'text/event-stream'>

/** Settings of an event stream. */
export interface EventStreamOptions {
  /** A comment is sent when nothing else has been sent for this long, in milliseconds. Default: 15,000. */
  readonly keepAliveMs?: number
}

const OPTION_NAMES: Readonly<Record<keyof EventStreamOptions, true>> = { keepAliveMs: true }

const KEEP_ALIVE_MS = 15_000
/** How long clients wait before they reconnect to a server that closes. */
const RETRY_MS = 1_000

/**
 * A response of server-sent events (`text/event-stream`): the handler is an async generator, or returns one. The data
 * of each item has this schema: it is validated, undeclared properties are removed, and it is sent as JSON. An item
 * that breaks its schema ends the stream and is logged. Throws a `DefinitionError` for an invalid option. A client that goes away ends the generator; one that reads
 * slowly holds it up.
 *
 * @example
 * ```ts
 * import { eventStream, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Ticks', version: '1.0.0' })
 * app.get('/ticks', { response: eventStream(z.object({ tick: z.number() })) }, async function* () {
 *   yield { tick: 1 }
 * })
 * const response = await app.fetch(new Request('http://localhost/ticks'))
 * console.log(await response.text()) // data: {"tick":1}
 * ```
 */
export function eventStream<S extends Schema>(item: S, options: EventStreamOptions = {}): EventStreamSchema<S> {
  const { keepAliveMs = KEEP_ALIVE_MS } = checkedOptions(options)
  const stream: StreamFormat = {
    mediaType: 'text/event-stream',
    headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    encode(given, check) {
      const isEvent = given instanceof ServerSentEvent
      const fields = isEvent ? given.fields : undefined
      return whenChecked(check(isEvent ? given.data : given), data => encodeEvent(itemText(data), fields))
    },
    describeItem: describeEvent,
    keepAlive: { text: encodeEvent(undefined, { comment: '' }), afterMs: keepAliveMs },
    farewell: encodeEvent(undefined, { retryMs: RETRY_MS }),
  }
  return contentSchema<EventItems<Sendable<S>>, string, 'text/event-stream'>({
    content: { stream, item },
    jsonSchema: { type: 'string' },
    fault: () => undefined,
  })
}

/** An event once it is parsed (OpenAPI 3.2.0, "Server-Sent Event Streams"). */
const describeEvent = <S>(data: S): object => ({
  type: 'object',
  properties: {
    event: { type: 'string' },
    id: { type: 'string' },
    retry: { type: 'integer', minimum: 0 },
    data: { type: 'string', contentMediaType: 'application/json', contentSchema: data },
  },
  required: ['data'],
})

function checkedOptions(options: EventStreamOptions): EventStreamOptions {
  checkNames(options, OPTION_NAMES, 'the options of "eventStream"')
  const { keepAliveMs = KEEP_ALIVE_MS } = options
  if (typeof keepAliveMs === 'number' && keepAliveMs >= 1) return options
  throw new DefinitionError(`"keepAliveMs" is ${quoted(keepAliveMs)}: give a number of milliseconds, 1 or more`)
}
