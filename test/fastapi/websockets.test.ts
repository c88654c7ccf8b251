import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dependency, HttpError, html, Ringback, type Socket, type TextSchema, text } from 'ringback'
import { SocketClosedError, SocketRefusedError } from 'ringback/errors'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

// The requests of FastAPI's chapters "WebSockets" and "Testing WebSockets", made to the same applications.

const createApp = () => new Ringback({ title: 'WebSockets', version: '1.0.0' })

async function refusedStatus(opened: Promise<unknown>): Promise<number> {
  const error = await opened.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(error instanceof SocketRefusedError)
  return error.response.status
}

it('echoes messages beside a page', async () => {
  const app = createApp()
  app.get('/', { response: html() }, () => '<!DOCTYPE html><title>Chat</title>')
  app.websocket('/ws', { receive: text(), send: text() }, async ({ socket }) => {
    for await (const data of socket) await socket.send(`Message text was: ${data}`)
  })
  await using client = await testClient(app)
  assert.match(await (await client.get('/')).text(), /^<!DOCTYPE html>/)
  await using socket = await client.websocket('/ws')
  for (const message of ['Message one', 'Message two']) {
    socket.send(message)
    assert.equal(await socket.receive(), `Message text was: ${message}`)
  }
})

describe('A WebSocket with path, query and a dependency that reads a cookie or a token', () => {
  const app = createApp()
  const cookieOrToken = dependency(
    { cookies: z.object({ session: z.string().optional() }), query: z.object({ token: z.string().optional() }) },
    ({ cookies, query }) => {
      const value = cookies.session ?? query.token
      if (value === undefined) throw new HttpError(403, 'Neither cookie nor token')
      return value
    },
  )
  const query = z.object({ q: z.int().optional() })
  app.websocket(
    '/items/{item_id}/ws',
    { query, dependencies: { cookieOrToken }, receive: text(), send: text() },
    async ({ socket, params, query, cookieOrToken }) => {
      for await (const data of socket) {
        await socket.send(`Session cookie or query token value is: ${cookieOrToken}`)
        if (query.q !== undefined) await socket.send(`Query parameter q is: ${query.q}`)
        await socket.send(`Message text was: ${data}, for item ID: ${params.item_id}`)
      }
    },
  )

  it('takes a cookie', async () => {
    await using client = await testClient(app)
    await using socket = await client.websocket('/items/foo/ws', { headers: { cookie: 'session=fakesession' } })
    for (const message of ['Message one', 'Message two']) {
      socket.send(message)
      assert.equal(await socket.receive(), 'Session cookie or query token value is: fakesession')
      assert.equal(await socket.receive(), `Message text was: ${message}, for item ID: foo`)
    }
  })

  it('takes a token and a number', async () => {
    await using client = await testClient(app)
    await using socket = await client.websocket('/items/bar/ws?token=some-token&q=3')
    socket.send('Message one')
    assert.equal(await socket.receive(), 'Session cookie or query token value is: some-token')
    assert.equal(await socket.receive(), 'Query parameter q is: 3')
    assert.equal(await socket.receive(), 'Message text was: Message one, for item ID: bar')
  })

  it('is refused without credentials, and with invalid data', async () => {
    await using client = await testClient(app)
    assert.equal(await refusedStatus(client.websocket('/items/foo/ws')), 403)
    assert.equal(await refusedStatus(client.websocket('/items/foo/ws?q=baz&token=some-token')), 422)
  })
})

describe('A chat of several clients', () => {
  type ChatSocket = Socket<TextSchema, TextSchema>
  const room = new Set<ChatSocket>()
  const broadcast = (message: string) => Promise.allSettled([...room].map(socket => socket.send(message)))

  const app = createApp()
  const params = z.object({ client_id: z.int() })
  app.websocket('/ws/{client_id}', { params, receive: text(), send: text() }, async ({ socket, params }) => {
    room.add(socket)
    for await (const data of socket) {
      await socket.send(`You wrote: ${data}`)
      await broadcast(`Client #${params.client_id} says: ${data}`)
    }
    room.delete(socket)
    await broadcast(`Client #${params.client_id} left the chat`)
  })

  it('tells everybody what one of them says, and when one has left', async () => {
    await using client = await testClient(app)
    await using connection = await client.websocket('/ws/1234')
    const second = await client.websocket('/ws/5678')
    connection.send('Hello from 1234')
    assert.equal(await connection.receive(), 'You wrote: Hello from 1234')
    assert.equal(await connection.receive(), 'Client #1234 says: Hello from 1234')
    assert.equal(await second.receive(), 'Client #1234 says: Hello from 1234')
    second.send('Hello from 5678')
    assert.equal(await second.receive(), 'You wrote: Hello from 5678')
    assert.equal(await second.receive(), 'Client #5678 says: Hello from 5678')
    assert.equal(await connection.receive(), 'Client #5678 says: Hello from 5678')
    await second[Symbol.asyncDispose]()
    assert.equal(await connection.receive(), 'Client #5678 left the chat')
  })
})

it('learns that the client has gone, as WebSocketDisconnect tells it', async () => {
  const app = createApp()
  const { promise, resolve } = Promise.withResolvers<unknown>()
  app.websocket('/ws', { receive: text() }, async ({ socket }) => {
    try {
      for (;;) await socket.receive()
    } catch (error) {
      resolve(error)
      throw error
    }
  })
  await using client = await testClient(app)
  const socket = await client.websocket('/ws')
  socket.close(1001, 'The page was closed')
  const error = await promise
  assert.ok(error instanceof SocketClosedError)
  assert.deepEqual([error.closeCode, error.reason], [1001, 'The page was closed'])
})

it('sends and receives JSON', async () => {
  const app = createApp()
  app.websocket('/ws', { send: z.object({ msg: z.string() }) }, async ({ socket }) => {
    await socket.send({ msg: 'Hello WebSocket' })
    socket.close()
  })
  await using client = await testClient(app)
  await using socket = await client.websocket('/ws')
  assert.deepEqual(await socket.receiveJson(), { msg: 'Hello WebSocket' })
})
