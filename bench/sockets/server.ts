import { Ringback, text } from 'ringback'
import { serve } from 'ringback/node'
import { announce, serveCommands } from '../process/parent.ts'

/** The handler of this many sockets waits for a message. Answers any command with its memory, after a collection. */
const [connections] = process.argv.slice(2)

const log = { debug() {}, info() {}, warn: console.warn, error: console.error }
const websockets = { maxConnections: Number(connections), heartbeatMs: 2 ** 31 - 1 }
const app = new Ringback({ title: 'Idle sockets', version: '1.0.0', docs: false, log, websockets })
let open = 0
app.websocket('/ws', { receive: text(), send: text() }, async ({ socket }) => {
  open++
  for await (const message of socket) await socket.send(message)
})
const { port } = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
serveCommands(() => {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { open, rss, heapUsed, external }
})
announce({ port })
