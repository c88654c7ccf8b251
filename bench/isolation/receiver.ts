import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { announce } from '../process/parent.ts'
import { ExternalApi } from '../receiver/external-api.ts'
import { type Death, deadAddress, drippingAddress, healthyAddresses } from './destinations.ts'

/** All destinations: each origin has its own address, and all have the same port. */
const [port, death] = process.argv.slice(2)
const dripMs = 100

const api = new ExternalApi()
for (const address of healthyAddresses) await listen(address, (request, response) => api.receive(request, response))
await listen(drippingAddress, (_, response) => drip(response))
if (death === ('silent' satisfies Death)) await listen(deadAddress, () => {})
announce('ready')
api.serveState()

async function listen(address: string, respond: RequestListener): Promise<void> {
  const server = createServer(respond)
  server.keepAliveTimeout = 60_000
  await once(server.listen(Number(port), address), 'listening')
}

/** Sends a byte at a time until the sender gives up. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), dripMs)
  response.once('close', () => clearInterval(timer))
}
