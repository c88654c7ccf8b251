import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { HttpError } from '../http/http-error.ts'
import { incomingBody } from './incoming-body.ts'

const HEAD = 'POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n'
const END = '0\r\n\r\n'

/** A request whose head has come, and the connection that sends its body. */
async function begun() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  client.write(HEAD)
  const [incoming] = (await once(server, 'request')) as [IncomingMessage]
  return {
    client,
    incoming,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Each byte as a chunk of its own. */
const oneByOne = (text: string): string => [...text].map(byte => `1\r\n${byte}\r\n`).join('')

async function readAll(incoming: IncomingMessage): Promise<{ text: string; blocks: number[] }> {
  const body = incomingBody(incoming)
  const blocks: Uint8Array[] = []
  for (let block = await body.read(); block !== undefined; block = await body.read()) blocks.push(block)
  return { text: Buffer.concat(blocks).toString(), blocks: blocks.map(({ length }) => length) }
}

const text = Array.from({ length: 90_000 }, (_, index) => 'abcdefghij'[index % 10]).join('')

describe('The body of a request of Node', () => {
  it('comes in blocks where the client sends a chunk for each byte', async () => {
    await using request = await begun()
    request.client.end(oneByOne(text) + END)
    const { text: read, blocks } = await readAll(request.incoming)
    assert.equal(read, text)
    // 540 KB of the connection: a pass of the loop for each 64 KB would be 9 blocks.
    assert.ok(blocks.length <= 100, `${blocks.length} blocks`)
  })

  it('passes large chunks on as they are, in their order, with small ones between', async () => {
    await using request = await begun()
    const pieces = ['a'.repeat(20_000), 'b', 'c'.repeat(70_000), 'd'.repeat(3), 'e'.repeat(16_384), 'f']
    request.client.end(pieces.map(piece => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('') + END)
    assert.equal((await readAll(request.incoming)).text, pieces.join(''))
  })

  it('gives a byte that nothing follows for a while', async () => {
    await using request = await begun()
    const body = incomingBody(request.incoming)
    for (const byte of 'abc') {
      request.client.write(oneByOne(byte))
      assert.equal(Buffer.from((await body.read()) ?? []).toString(), byte)
    }
    request.client.write(END)
    assert.equal(await body.read(), undefined)
    assert.equal(await body.read(), undefined)
  })

  it('makes the client wait while nobody reads', async () => {
    await using request = await begun()
    const body = incomingBody(request.incoming)
    request.client.write(`3938700\r\n${'x'.repeat(60_000_000)}`)
    await quiet(request.incoming)
    assert.ok(request.incoming.socket.bytesRead < 1_000_000, `${request.incoming.socket.bytesRead} bytes were read`)
    body.drop()
  })

  for (const [how, leave] of [
    ['is cut off', (client: Socket) => client.destroy()],
    ['ends early', (client: Socket) => client.end()],
    ['is ill-formed', (client: Socket) => client.end('no chunk\r\n')],
  ] as const)
    it(`fails with 400 where it ${how}`, async () => {
      await using request = await begun()
      const body = incomingBody(request.incoming)
      request.client.write(oneByOne('a'))
      await body.read()
      leave(request.client)
      await assert.rejects(body.read(), error => error instanceof HttpError && error.status === 400)
      await assert.rejects(body.read(), error => error instanceof HttpError && error.status === 400)
    })

  it('fails where the server itself drops the request', async () => {
    await using request = await begun()
    const body = incomingBody(request.incoming)
    const read = body.read()
    request.incoming.destroy()
    await assert.rejects(read, HttpError)
  })

  it('reads away what nobody wants, and a read that waits ends', async () => {
    await using request = await begun()
    const body = incomingBody(request.incoming)
    const read = body.read()
    body.drop()
    request.client.end(oneByOne(text) + END)
    assert.equal(await read, undefined)
    assert.equal(request.incoming.complete, true)
  })
})

/** Nothing has come through the connection for a hundred passes of the loop, which the client shares. */
async function quiet({ socket }: IncomingMessage): Promise<void> {
  let before = -1
  for (let passes = 0; passes < 100; passes = socket.bytesRead === before ? passes + 1 : 0) {
    before = socket.bytesRead
    await new Promise(resolve => setImmediate(resolve))
  }
}
