import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { ReadableStream } from 'node:stream/web'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { BodyStream, PlainResponse } from '../http/request-view.ts'
import type { Log } from '../log/log.ts'
import { webResponse } from '../request/web-response.ts'
import { writeResponse } from './write-response.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
const responseOf = (body: BodyStream): PlainResponse => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body,
})

type Maker = (body: () => BodyStream, log: Log) => RequestListener

/** Node's own response, a web Response that Node writes, and one that another server writes. */
const makers: Readonly<Record<string, Maker>> = {
  node: (body, log) => (_, outgoing) => void writeResponse(responseOf(body()), outgoing, log),
  'fetch, written by us': (body, log) => (incoming, outgoing) =>
    void writeResponse(webResponse(responseOf(body()), incoming.method ?? ''), outgoing, log),
  'fetch, written by another server': body =>
    getRequestListener(request => webResponse(responseOf(body()), request.method), { overrideGlobalObjects: false }),
}

async function served(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function get(port: number, method = 'GET'): Promise<IncomingMessage> {
  const asked = request({ port, host: '127.0.0.1', method, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return response
}

const bytes = (text: string): Uint8Array => Buffer.from(text)

for (const [name, maker] of Object.entries(makers))
  describe(`A streamed body (${name})`, () => {
    it('arrives in its order', async () => {
      async function* pieces() {
        for (const piece of ['one ', 'two ', 'three']) {
          await nextTurn()
          yield bytes(piece)
        }
      }
      await using at = await served(maker(pieces, silent))
      const response = await get(at.port)
      assert.equal(Buffer.concat(await response.toArray()).toString(), 'one two three')
      assert.equal(response.headers['transfer-encoding'], 'chunked')
    })

    it('may be a stream of the web platform', async () => {
      const stream = () => ReadableStream.from([bytes('a'), bytes('b')]) as BodyStream
      await using at = await served(maker(stream, silent))
      assert.equal(Buffer.concat(await (await get(at.port)).toArray()).toString(), 'ab')
    })

    it('may be empty', async () => {
      await using at = await served(maker(async function* () {}, silent))
      assert.deepEqual(await (await get(at.port)).toArray(), [])
    })

    it('is asked for no more than the client takes', async () => {
      const piece = Buffer.alloc(65_536, 'x')
      const all = 1_000
      let asked = 0
      async function* pieces() {
        for (; asked < all; asked++) yield piece
      }
      let outgoing: ServerResponse | undefined
      const listener = maker(pieces, silent)
      await using at = await served((incoming, response) => {
        outgoing = response
        listener(incoming, response)
      })
      const response = await get(at.port)
      // Nobody reads, so that the way to the client fills up and stays so.
      for (let turns = 0, before = -1; turns < 200; turns++) {
        if (asked !== before || outgoing?.writableNeedDrain !== true) turns = 0
        before = asked
        await nextTurn()
      }
      assert.ok(asked < all / 2, `${asked} pieces were asked for`)
      let length = 0
      for await (const chunk of response) length += (chunk as Buffer).length
      assert.equal(length, all * piece.length)
    })

    it('ends where it comes from when the client goes away', async () => {
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      async function* pieces() {
        try {
          for (;;) {
            yield bytes('and so on ')
            await nextTurn()
          }
        } finally {
          resolve()
        }
      }
      await using at = await served(maker(pieces, silent))
      ;(await get(at.port)).destroy()
      await ended
    })

    it('ends while its next piece is waited for', async () => {
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      let first = true
      const pieces = (): AsyncIterable<Uint8Array> => ({
        [Symbol.asyncIterator]: () => ({
          next() {
            if (!first) return new Promise(() => {})
            first = false
            return Promise.resolve({ done: false, value: bytes('first') })
          },
          async return() {
            resolve()
            return { done: true, value: undefined }
          },
        }),
      })
      await using at = await served(maker(pieces, silent))
      ;(await get(at.port)).destroy()
      await ended
    })

    it('is cut where its source fails, so that it does not look whole', async () => {
      async function* pieces() {
        yield bytes('half')
        await nextTurn()
        await nextTurn()
        throw new Error('The source is gone')
      }
      await using at = await served(maker(pieces, silent))
      const response = await get(at.port)
      await assert.rejects(response.toArray(), { code: 'ECONNRESET' })
    })

    it('is not read for a HEAD request', async () => {
      let reads = 0
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      const pieces = (): AsyncIterable<Uint8Array> => ({
        [Symbol.asyncIterator]: () => ({
          async next() {
            reads += 1
            return { done: false, value: bytes('x') }
          },
          async return() {
            resolve()
            return { done: true, value: undefined }
          },
        }),
      })
      await using at = await served(maker(pieces, silent))
      const response = await get(at.port, 'HEAD')
      await ended
      assert.deepEqual([response.statusCode, response.headers['content-length'], reads], [200, undefined, 0])
    })
  })

for (const name of ['node', 'fetch, written by us'])
  it(`A body whose source fails before its first piece is a problem (${name})`, async () => {
    const errors: unknown[] = []
    const log: Log = { ...silent, error: (_, fields) => void errors.push(fields?.['error']) }
    const failure = new Error('There is no source')
    const broken = (): BodyStream => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) })
    await using at = await served(makers[name]!(broken, log))
    const response = await get(at.port)
    await response.toArray()
    assert.deepEqual([response.statusCode, errors], [500, [failure]])
  })

it('A client that went away before anything was written costs its body nothing', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const pieces = (): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => assert.fail('Nobody reads it'),
      async return() {
        resolve()
        return { done: true, value: undefined }
      },
    }),
  })
  await using at = await served((_, outgoing) => {
    outgoing.once('close', () => void writeResponse(responseOf(pieces()), outgoing, silent))
    socket.destroy()
  })
  const socket = connect(at.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await ended
})
