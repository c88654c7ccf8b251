import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeEvent } from './event-stream.ts'

/** Reads a stream as the HTML Standard says (section 9.2.6), as simply as possible. */
function readEvents(text: string): { data: string; event: string; id: string; retry: number | undefined }[] {
  const events = []
  let [data, event, id, retry] = ['', '', '', undefined as number | undefined]
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (data !== '') events.push({ data: data.slice(0, -1), event: event || 'message', id, retry })
      ;[data, event] = ['', '']
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data += `${value}\n`
    if (field === 'event') event = value
    if (field === 'id' && !value.includes('\0')) id = value
    if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value)
  }
  return events
}

describe('encodeEvent', () => {
  it('writes what a client reads', () => {
    assert.equal(encodeEvent('{"a":1}'), 'data: {"a":1}\n\n')
    assert.equal(
      encodeEvent('one\ntwo', { event: 'tick', id: '7', retryMs: 500, comment: 'a\nb' }),
      ': a\n: b\nevent: tick\nid: 7\nretry: 500\ndata: one\ndata: two\n\n',
    )
    assert.equal(encodeEvent(undefined, { comment: '' }), ': \n\n')
  })

  it('keeps any text, name and id, so that no data can begin an event of its own', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', ':', '\n', '\r', '\r\n', 'data', 'é', '\0', '\u2028') })
    const line = text.map(one => one.replace(/[\r\n\0]/g, ''))
    fc.assert(
      fc.property(fc.array(fc.tuple(text, line, line)), events => {
        const written = events.map(([data, event, id]) => encodeEvent(data, { event, id })).join('')
        assert.deepEqual(
          readEvents(written),
          events.map(([data, event, id]) => ({
            ...{ data: data.replace(/\r\n|\r/g, '\n'), event: event || 'message', id, retry: undefined },
          })),
        )
      }),
    )
  })

  it('refuses an event that a client could not read', () => {
    assert.throws(() => encodeEvent('', { event: 'a\nb' }), /^TypeError: The "event" of an event has a line break/)
    assert.throws(() => encodeEvent('', { id: 'a\rb' }), /The "id" of an event has a line break/)
    assert.throws(() => encodeEvent('', { id: '\0' }), /The "id" of an event has a NUL/)
    for (const retryMs of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => encodeEvent('', { retryMs }), /The "retryMs" of an event is /)
  })
})
