import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce, serveCommands } from '../process/parent.ts'

/** What has arrived so far: milliseconds since the time at which each honest delivery should have been sent. */
export interface ReceiverState {
  readonly knownMs: readonly number[]
  readonly newMs: readonly number[]
  readonly strangers: number
  /** The most connections that were open at the same time. */
  readonly connections: number
}

/** Every address: honest ones respond at once; a stranger responds as often as it is told, and then never again. */
const responses = Number(process.argv[2] ?? 0)
const arrivedMs: Record<'known' | 'new', number[]> = { known: [], new: [] }
const responded = new Map<string, number>()
let strangers = 0
let open = 0
let connections = 0

const server = createServer(async (request, response) => {
  const kind = request.url?.slice(1)
  const body = Buffer.concat(await request.toArray()).toString()
  if (kind === 'known' || kind === 'new') {
    const { sentAt } = JSON.parse(body) as { sentAt: string }
    arrivedMs[kind].push(Number(process.hrtime.bigint() - BigInt(sentAt)) / 1e6)
    response.end('{"ok":true}')
    return
  }
  strangers++
  const host = request.headers.host ?? ''
  const before = responded.get(host) ?? 0
  responded.set(host, before + 1)
  if (before < responses) response.end('{"ok":true}')
})
server.on('connection', socket => {
  connections = Math.max(connections, ++open)
  socket.once('close', () => open--)
})
server.keepAliveTimeout = 60_000
server.requestTimeout = 0
await once(server.listen(0, '0.0.0.0', 4_096), 'listening')
announce({ port: (server.address() as AddressInfo).port })
serveCommands((): ReceiverState => ({ knownMs: arrivedMs.known, newMs: arrivedMs.new, strangers, connections }))
