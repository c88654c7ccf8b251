import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { announceServer, serveCommands } from '../process/parent.ts'
import type { ReceiverCommand, ReceiverState } from './receiver-command.ts'

/** The external API: takes every request with `{"ok":true}`, and counts. */
const ok = Buffer.from('{"ok":true}')
const headers = { 'content-type': 'application/json', 'content-length': ok.length }
let requests = 0
let arrivalsMs: number[] = []
let reached: { readonly requests: number; readonly tell: () => void } | undefined

const server = createServer((request, response) => {
  if (request.url?.startsWith('/pause/')) setTimeout(() => take(response), Number(request.url.slice('/pause/'.length)))
  else receive(request, response)
})
server.keepAliveTimeout = 60_000
announceServer(server)

serveCommands(async ({ until, limitMs }: ReceiverCommand): Promise<ReceiverState> => {
  if (until !== undefined) await requestsReach(until, limitMs)
  const state = { requests, arrivalsMs }
  arrivalsMs = []
  return state
})

function receive(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    requests++
    if (request.url?.startsWith('/latency')) arrivalsMs.push(sinceSent(Buffer.concat(chunks)))
    if (requests === reached?.requests) reached.tell()
    take(response)
  })
}

function take(response: ServerResponse): void {
  response.writeHead(200, headers)
  response.end(ok)
}

/** The body says when it was sent, on the clock that all processes of a machine share. */
function sinceSent(body: Buffer): number {
  const { sentAt } = JSON.parse(body.toString()) as { sentAt: string }
  return Number(process.hrtime.bigint() - BigInt(sentAt)) / 1e6
}

async function requestsReach(count: number, limitMs: number): Promise<void> {
  if (requests >= count) return
  const { promise, resolve } = Promise.withResolvers<void>()
  reached = { requests: count, tell: resolve }
  const timer = setTimeout(resolve, limitMs)
  await promise
  clearTimeout(timer)
  reached = undefined
}
