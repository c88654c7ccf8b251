import type * as Undici from 'undici'
import type { buildConnector, Client, Dispatcher } from 'undici'
import { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'
import type { OpenSockets } from './open-sockets.ts'

/** What {@link countedClient} makes a client of. */
export interface CountedClientOptions extends Client.Options {
  readonly connect: buildConnector.connector
  readonly sockets: OpenSockets
}

/** The client of one connection, which tells each exchange which {@link Connection} it is on. */
export function countedClient(
  undici: typeof Undici,
  origin: URL,
  { connect, sockets, ...options }: CountedClientOptions,
): Client {
  const connection = new Connection(sockets)
  const open: buildConnector.connector = (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (socket !== null) {
        connection.open(socket, () => callback(null, socket))
        return
      }
      sockets.release()
      callback(error, null)
    })
  const client = new undici.Client(origin, {
    ...options,
    connect: (target, callback) => sockets.acquire(() => open(target, callback)),
  })
  const dispatch = client.dispatch.bind(client)
  client.dispatch = (request: Dispatcher.DispatchOptions, exchange: Dispatcher.DispatchHandler) => {
    const counted = exchange as Exchange
    counted.connection = connection
    return dispatch(request, exchange)
  }
  return client
}
