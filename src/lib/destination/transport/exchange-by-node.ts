import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { request as requestByNode } from '../../node-http.ts'
import type { CountedExchange } from './counted-exchange.ts'

/** The most bytes of 1xx responses. */
const informationBytes = 65_536

/**
 * One exchange on a fresh connection, through `node:http`, which reads a `100 Continue` that nobody asked for, where undici's parser gives up.
 * The connection ends with it.
 */
export function exchangeByNode(
  socket: Socket,
  { origin = '', path, method, headers, body }: Dispatcher.DispatchOptions,
  exchange: CountedExchange,
): void {
  const length = body instanceof Uint8Array ? ['content-length', String(body.length)] : []
  const given = ['host', new URL(origin).host, ...(headers as string[]), ...length]
  const sent = requestByNode({ createConnection: () => socket, path, method, headers: given })
  const fail = (error: Error): void => exchange.onResponseError?.(controller, error)
  const controller: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    abort: () => void sent.destroy(),
    pause() {},
    resume() {},
  }
  const countInformation = (): void => {
    if (socket.bytesRead > informationBytes) exchange.overflow()
  }
  sent.on('error', fail).on('continue', countInformation).on('information', countInformation)
  sent.on('response', response => {
    exchange.onResponseStart?.(controller, response.statusCode ?? 0, response.headers)
    response.on('data', chunk => exchange.onResponseData?.(controller, chunk))
    response.on('error', fail)
    response.on('end', () => {
      exchange.onResponseEnd?.(controller, {})
      socket.destroy()
    })
  })
  exchange.onRequestStart?.(controller, null)
  if (!sent.destroyed) sent.end(body)
}
