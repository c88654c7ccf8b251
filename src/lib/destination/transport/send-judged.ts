import type { Dispatcher } from 'undici'
import type { AttemptLimit } from './attempt-limit.ts'
import { CallbackUnreachableError } from './callback-unreachable-error.ts'
import { NoResponse, publicError } from './connect-failure.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import { Exchange } from './exchange.ts'
import { isSameDestination, type WantedConnection } from './idle-connections.ts'
import type { IncomingResponse, OutgoingRequest, TransportOptions } from './transport.ts'

/** One attempt that has passed the guard. */
export interface JudgedAttempt extends WantedConnection {
  readonly connections: Connections
  readonly request: OutgoingRequest
  readonly options: TransportOptions
  readonly limit: AttemptLimit
}

/** Sends on a connection that is kept for the destination, else on a new one. */
export async function sendJudged(attempt: JudgedAttempt): Promise<IncomingResponse> {
  try {
    return (await sendOnKept(attempt)) ?? (await sendOnNew(attempt))
  } catch (error) {
    const failure = publicError(attempt.url.origin, error)
    if (failure instanceof CallbackUnreachableError && failure.detail === 'unasked-continue')
      attempt.connections.readByNode(attempt.destination)
    throw failure
  }
}

/** Undefined if there is no such connection, or if the receiver had closed it, which is normal. */
async function sendOnKept(attempt: JudgedAttempt): Promise<IncomingResponse | undefined> {
  const connection = attempt.connections.take(attempt)
  if (connection === undefined) return undefined
  try {
    if (!isSameDestination(connection, attempt)) await attempt.limit.wait(loopPass())
    return connection.isOpen ? await exchangeOn(connection, attempt) : undefined
  } catch (error) {
    if (error instanceof NoResponse) return undefined
    throw error
  } finally {
    attempt.connections.giveBack(connection)
  }
}

async function sendOnNew(attempt: JudgedAttempt): Promise<IncomingResponse> {
  const { connections, limit } = attempt
  const connection = await limit.run<Connection>((resolve, reject) => connections.open(attempt, resolve, reject))
  try {
    return await exchangeOn(connection, attempt)
  } finally {
    connections.giveBack(connection)
  }
}

function exchangeOn(connection: Connection, attempt: JudgedAttempt): Promise<IncomingResponse> {
  const { url, request, options, limit } = attempt
  connection.destination = attempt.destination
  return limit.run((resolve, reject) => {
    const exchange = new Exchange({
      connection,
      method: request.method,
      encrypted: url.protocol === 'https:',
      responseLimitBytes: options.responseLimitBytes,
      beforeWrite() {
        options.beforeConnect?.()
        limit.written()
      },
      resolve,
      reject,
    })
    const sent = {
      path: url.pathname + url.search,
      method: request.method as Dispatcher.HttpMethod,
      headers: guardedHeaders(request.headers),
      body: request.body ?? null,
    }
    if (attempt.connections.isReadByNode(attempt.destination)) connection.dispatchByNode(sent, exchange)
    else connection.dispatch(sent, exchange)
    return reason => exchange.stop(reason)
  })
}

/** Resolves after the event loop has read everything that had come by now. */
function loopPass(): Promise<void> {
  return new Promise(resolve => setImmediate(setImmediate, resolve))
}

/**
 * The headers without those that the guard sets: `host` comes from the URL, and the response must not be compressed.
 */
function guardedHeaders(headers: Readonly<Record<string, string>>): string[] {
  const guarded = ['accept-encoding', 'identity']
  for (const name in headers) {
    const lowerCaseName = name.toLowerCase()
    if (lowerCaseName !== 'host' && lowerCaseName !== 'accept-encoding') guarded.push(name, headers[name]!)
  }
  return guarded
}
