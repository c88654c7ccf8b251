import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { text } from '../../operation/bodies/text.ts'
import { compileSocket } from '../../operation/socket/compiled-socket.ts'
import { SocketClosedError } from '../../operation/socket/socket-closed-error.ts'
import { OpenSocket } from './open-socket.ts'
import type { ConnectionListener, SocketConnection, SocketMessage } from './socket-connection.ts'
import type { SocketRun } from './socket-run.ts'

/** A connection whose client reads when it is told to. */
class FakeConnection implements SocketConnection {
  readonly events: string[] = []
  readonly #unread: { readonly message: SocketMessage; readonly read: () => void }[] = []
  listener!: ConnectionListener

  listen(listener: ConnectionListener): void {
    this.listener = listener
  }

  get waitingBytes(): number {
    return this.#unread.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0)
  }

  send(message: SocketMessage): Promise<void> {
    return new Promise(resolve => this.#unread.push({ message, read: resolve }))
  }

  read(): void {
    this.#unread.shift()?.read()
  }

  pause(): void {
    this.events.push('pause')
  }
  resume(): void {
    this.events.push('resume')
  }
  ping(): void {
    this.events.push('ping')
  }
  close(code: number, reason: string): void {
    this.events.push(`close ${code} ${reason}`.trim())
  }
  terminate(): void {
    this.events.push('terminate')
    this.listener.closed(1006, '')
  }
}

function setUp(waitingLimitBytes = 100) {
  const connection = new FakeConnection()
  const log = new RecordingLog()
  const run: object = {
    socket: compileSocket({ receive: text(), send: text() }, 'WebSocket /'),
    operation: { operationId: 'chat', bodyLimits: { bodyLimitValues: 10 } },
    runtime: { bodyRules: { coerceJson: true }, log },
    view: { requestId: 'r1' },
  }
  let closes = 0
  const socket = new OpenSocket(run as SocketRun, connection, waitingLimitBytes, () => {
    closes++
  })
  return { connection, socket, log, closes: () => closes }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('A heartbeat', () => {
  it('ends the connection of a client that has said nothing since the one before', () => {
    const { connection, socket, closes } = setUp()
    assert.equal(socket.beat(), true)
    connection.listener.alive()
    assert.equal(socket.beat(), true)
    connection.listener.message('x')
    assert.equal(socket.beat(), true)
    assert.equal(socket.beat(), false)
    assert.deepEqual([connection.events, closes()], [['ping', 'ping', 'ping', 'terminate'], 1])
  })

  it('takes a client for alive that reads slowly, and for gone where it no longer reads', async () => {
    const { connection, socket } = setUp(1000)
    for (let count = 0; count < 4; count++) void socket.send('x'.repeat(10))
    assert.equal(socket.beat(), true)
    for (let count = 0; count < 3; count++) {
      connection.read()
      await turn()
      assert.equal(socket.beat(), true, String(count))
    }
    assert.equal(socket.beat(), false)
  })

  it('does not take what the system takes for what the client reads', async () => {
    const { connection, socket } = setUp()
    assert.equal(socket.beat(), true)
    void socket.send('x')
    connection.read()
    await turn()
    assert.equal(socket.beat(), false)
  })

  it('cannot expect an answer while nothing is read', async () => {
    const { connection, socket } = setUp()
    for (let count = 0; count < 16; count++) connection.listener.message('x')
    for (let count = 0; count < 4; count++) assert.equal(socket.beat(), true)
    for (let count = 0; count < 16; count++) await socket.receive()
    assert.equal(socket.beat(), true, 'the answer may be on its way')
    assert.equal(socket.beat(), false)
  })
})

describe('What waits for a client', () => {
  it('is bounded, and the sends that wait end with the connection', async () => {
    const { connection, socket, log } = setUp(100)
    const first = socket.send('x'.repeat(500))
    const second = socket.send('€')
    await assert.rejects(second, SocketClosedError)
    assert.deepEqual(connection.events, ['terminate'])
    assert.deepEqual(await socket.closed, { code: 1008, reason: 'The client reads too slowly' })
    await assert.rejects(socket.send('z'), { closeCode: 1008 })
    connection.read()
    await first
    assert.deepEqual(
      log.messages.map(({ level, fields }) => [level, fields['reason']]),
      [['debug', 'The client reads too slowly']],
    )
  })
})

describe('Closing', () => {
  it('reads on, drops what comes, and counts once', async () => {
    const { connection, socket } = setUp()
    for (let count = 0; count < 20; count++) connection.listener.message(String(count))
    socket.close(4000, 'enough')
    socket.close(4001, 'more than enough')
    connection.listener.message('late')
    assert.deepEqual(connection.events, ['pause', 'resume', 'close 4000 enough'])
    await assert.rejects(socket.receive(), { closeCode: 4000, reason: 'enough' })
    connection.listener.closed(1000, '')
    assert.deepEqual(await socket.closed, { code: 4000, reason: 'enough' })
  })

  it('tells of which socket an error is', async () => {
    const [one, other] = [setUp().socket, setUp().socket]
    one.close()
    const error = await one.send('x').catch((error: unknown) => error)
    assert.deepEqual(
      [one.hasThrown(error), other.hasThrown(error), one.hasThrown(new Error('x'))],
      [true, false, false],
    )
  })
})
