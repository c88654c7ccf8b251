import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { announceServer } from '../process/parent.ts'
import { certificate, certificateKey } from './certificate.ts'
import { ExternalApi } from './external-api.ts'

/**
 * One external API that takes every request, on all loopback addresses; it responds to `/pause/…` after that many
 * milliseconds. With the argument `https` it is one of TLS.
 */
const api = new ExternalApi()
const receive: RequestListener = (request, response) => {
  if (request.url?.startsWith('/pause/'))
    setTimeout(() => api.take(response), Number(request.url.slice('/pause/'.length)))
  else api.receive(request, response)
}
const server =
  process.argv[2] === 'https'
    ? createTlsServer({ cert: certificate, key: certificateKey }, receive)
    : createServer(receive)
server.keepAliveTimeout = 60_000
server.on('connection', () => api.connected())
announceServer(server, '0.0.0.0')
api.serveState()
