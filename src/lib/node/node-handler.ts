import type { IncomingMessage, ServerResponse } from 'node:http'

/** A handler of Node's own server, as Express, Fastify, Next and `http.createServer` know it. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown
