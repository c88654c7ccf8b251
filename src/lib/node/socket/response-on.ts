import type { IncomingMessage, ServerResponse as Outgoing } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ServerResponse } from '../../node-http.ts'

/** How long a client may take to read a refusal. */
const READ_MS = 10_000

/** A response on a connection that Node has given away for an upgrade; the connection ends with it. */
export function responseOn(incoming: IncomingMessage, socket: Duplex): Outgoing {
  const connection = socket as Socket
  const outgoing = new ServerResponse(incoming)
  outgoing.shouldKeepAlive = false
  outgoing.assignSocket(connection)
  connection.setTimeout(READ_MS, () => connection.destroy())
  outgoing.once('finish', () => {
    outgoing.detachSocket(connection)
    connection.destroySoon()
  })
  return outgoing
}
