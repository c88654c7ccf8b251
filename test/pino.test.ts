import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { Ringback } from 'ringback'
import { z } from 'zod'

/** An application that logs with pino, and its lines. */
function setUp() {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const app = new Ringback({ title: 'Pino', version: '1.0.0', log })
  app.get('/fails', { response: z.any() }, async () => {
    throw new RangeError('a bug', { cause: new Error('its cause') })
  })
  app.get('/logs', { response: z.any() }, async ({ log }) => {
    log.info('Hello', { invoice: '7', error: new TypeError('odd') })
    log.debug('Alone')
  })
  return { app, lines }
}

describe('pino as the log of an application', () => {
  it('writes level, sentence, fields and the error as err', async () => {
    const { app, lines } = setUp()
    await app.fetch(new Request('http://localhost/fails'))
    const [{ err, ...line } = {}] = lines
    assert.equal(line.level, 50)
    assert.equal(line.msg, 'A request failed')
    assert.match(String(line.requestId), /^[\da-f-]{36}$/)
    assert.equal(line.method, 'GET')
    assert.equal(line.path, '/fails')
    assert.equal('error' in line, false)
    const { type, message, stack } = err as Record<string, string>
    assert.deepEqual([type, message], ['RangeError', 'a bug: its cause'])
    assert.match(stack ?? '', /pino\.test/)
  })

  it('is written to by handlers in the order of Ringback', async () => {
    const { app, lines } = setUp()
    await app.fetch(new Request('http://localhost/logs'))
    const [hello, alone] = lines
    assert.deepEqual([hello?.level, hello?.msg, hello?.invoice], [30, 'Hello', '7'])
    assert.ok(JSON.stringify(hello?.err).includes('TypeError'))
    assert.deepEqual([alone?.level, alone?.msg], [20, 'Alone'])
  })
})
