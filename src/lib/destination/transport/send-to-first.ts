import type { AddressPool, AddressPools } from './address-pools.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import { ConnectFailure, publicError } from './connect-failure.ts'
import { Exchange } from './exchange.ts'
import type { IncomingResponse, OutgoingRequest, TransportOptions } from './transport.ts'

/** One attempt that has passed the guard. */
export interface JudgedAttempt {
  readonly pools: AddressPools
  readonly url: URL
  /** All judged. */
  readonly addresses: readonly string[]
  readonly request: OutgoingRequest
  readonly options: TransportOptions
  readonly limit: AttemptLimit
}

/** Sends to the first address that takes a connection; once one has, no other is tried. */
export async function sendToFirst(attempt: JudgedAttempt): Promise<IncomingResponse> {
  const { pools, url, addresses } = attempt
  let failure: unknown
  for (const address of pools.preferConnected(url, addresses)) {
    const pool = pools.acquire(url, address)
    try {
      const response = await exchangeOn(pool, attempt)
      pool.connected = true
      return response
    } catch (error) {
      failure = error
      if (!(error instanceof ConnectFailure)) break
      pool.connected = false
    } finally {
      pools.release(pool)
    }
  }
  throw publicError(url.origin, failure)
}

function exchangeOn(pool: AddressPool, attempt: JudgedAttempt): Promise<IncomingResponse> {
  const { url, request, options, limit } = attempt
  return limit.run((resolve, reject) => {
    const exchange = new Exchange({
      address: pool.address,
      method: request.method,
      encrypted: url.protocol === 'https:',
      answerLimitBytes: options.answerLimitBytes,
      ...(options.beforeConnect && { beforeConnect: options.beforeConnect }),
      resolve,
      reject,
    })
    pool.pool.dispatch(
      {
        path: url.pathname + url.search,
        method: request.method,
        headers: guardedHeaders(request.headers),
        body: request.body ?? null,
      },
      exchange,
    )
    return reason => exchange.stop(reason)
  })
}

/** The headers without those that the guard decides: `host` is the URL's, and the answer is wanted as it is. */
function guardedHeaders(headers: Readonly<Record<string, string>>): string[] {
  const guarded = ['accept-encoding', 'identity']
  for (const name in headers) {
    const lowerCaseName = name.toLowerCase()
    if (lowerCaseName !== 'host' && lowerCaseName !== 'accept-encoding') guarded.push(name, headers[name]!)
  }
  return guarded
}
