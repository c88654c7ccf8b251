import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { machine } from '../report/machine.ts'
import { printTable } from '../report/table.ts'

const { values } = parseArgs({ options: { connections: { type: 'string', default: '10000' } } })
const connections = Number(values.connections)

/** What the server says of itself. */
interface Memory {
  readonly open: number
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
}

const HANDSHAKE =
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** A client that says nothing after its handshake. */
async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write(HANDSHAKE)
  const [data] = await once(socket, 'data')
  if (!String(data).startsWith('HTTP/1.1 101')) throw new Error(`A handshake was refused: ${data}`)
  return socket
}

console.log(machine())
const file = join(import.meta.dirname, 'server.ts')
const options = { nodeOptions: ['--expose-gc'], args: [String(connections)] }
const { child, ready } = await Child.start<{ port: number }>(file, options)
// What the first sockets load and compile belongs to no socket.
const warm = await Promise.all(Array.from({ length: 100 }, () => openSocket(ready.port)))
for (const socket of warm) socket.destroy()
const before = await child.ask<Memory>({})
const sockets: Socket[] = []
while (sockets.length < connections) {
  const slice = Math.min(100, connections - sockets.length)
  sockets.push(...(await Promise.all(Array.from({ length: slice }, () => openSocket(ready.port)))))
}
const after = await child.ask<Memory>({})
printTable(
  ['memory of the server', 'before, MiB', 'after, MiB', 'KiB a socket'],
  (['rss', 'heapUsed', 'external'] as const).map(name => [
    name,
    (before[name] / 2 ** 20).toFixed(1),
    (after[name] / 2 ** 20).toFixed(1),
    ((after[name] - before[name]) / 1024 / connections).toFixed(1),
  ]),
)
console.log(`${after.open - before.open} sockets idle`)
for (const socket of sockets) socket.destroy()
await child.stop()
