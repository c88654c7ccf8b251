import { textLines } from './text-lines.ts'

/** An event as a browser's `EventSource` gives it. */
export interface ReceivedEvent {
  /** The name under which a listener gets it. */
  readonly event: string
  readonly data: string
  /** What a client would send as `last-event-id`; empty where none was sent yet. */
  readonly id: string
  /** How long a client would wait before it connects again, in milliseconds, if this event says so. */
  readonly retryMs?: number
}

/**
 * The events of a response of `eventStream`, each as soon as it has come, read as browsers do (HTML Standard, section
 * 9.2.6): comments are left out. Leaving the loop ends the stream, as a client does that goes away.
 *
 * @example
 * ```ts
 * import { eventStream, Ringback } from 'ringback'
 * import { readEvents, testClient } from 'ringback/testing'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Numbers', version: '1.0.0' })
 * app.get('/numbers', { response: eventStream(z.number()) }, function* () {
 *   for (let number = 1; ; number++) yield number
 * })
 *
 * await using client = await testClient(app)
 * for await (const { event, data } of readEvents(await client.get('/numbers'))) {
 *   console.log(event, data) // message 1
 *   break
 * }
 * ```
 */
export async function* readEvents(response: Response): AsyncGenerator<ReceivedEvent, void> {
  let id = ''
  let fields = new Map<string, string>()
  for await (const line of textLines(response, /\r\n|\r|\n/, false))
    if (line === '') {
      id = fields.get('id') ?? id
      const data = fields.get('data')
      if (data !== undefined) yield eventOf(fields, data, id)
      fields = new Map()
    } else readField(line, fields)
}

function readField(line: string, fields: Map<string, string>): void {
  const [name = ''] = line.split(':', 1)
  const value = line.slice(name.length + 1).replace(/^ /, '')
  const before = fields.get(name)
  if (name === 'data' && before !== undefined) fields.set(name, `${before}\n${value}`)
  else if (name !== '' && !(name === 'id' && value.includes('\0'))) fields.set(name, value)
}

function eventOf(fields: ReadonlyMap<string, string>, data: string, id: string): ReceivedEvent {
  const retry = fields.get('retry') ?? ''
  return { event: fields.get('event') || 'message', data, id, ...(/^\d+$/.test(retry) && { retryMs: Number(retry) }) }
}
