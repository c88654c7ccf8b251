import { createServer } from 'node:http'
import { announceServer } from '../process/parent.ts'
import { ExternalApi } from './external-api.ts'

/** One external API that takes every request; it responds to `/pause/…` after that many milliseconds. */
const api = new ExternalApi()
const server = createServer((request, response) => {
  if (request.url?.startsWith('/pause/'))
    setTimeout(() => api.take(response), Number(request.url.slice('/pause/'.length)))
  else api.receive(request, response)
})
server.keepAliveTimeout = 60_000
announceServer(server)
api.serveState()
