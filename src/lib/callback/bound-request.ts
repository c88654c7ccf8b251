import type { Exchange } from '../expression/exchange.ts'
import type { SendSettings } from '../operation/bound-callback.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import type { Deliverer } from './deliverer.ts'

/** The options of `send` as they are read at run time. */
export interface AnySendOptions extends SendSettings {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  /** The values of the plain names of the URL. */
  readonly path?: Readonly<Record<string, unknown>>
}

/** The arguments of `send` or `call`. */
export interface Sent {
  readonly body: unknown
  readonly options: AnySendOptions
}

/** The request that callbacks are bound to, or the kept values of one; all of its callbacks share it. */
export interface BoundRequest {
  readonly operationId: string
  /** The values that the URLs read. */
  readonly exchange: Exchange
  /** The tenant whose request it is, unless `send` names another. */
  readonly recipient: string | undefined
  readonly deliverer: Deliverer
  readonly runtime: CallbackRuntime
}

/**
 * Where a callback goes: the composed URL, the base URL at its beginning, and the request that caused it. Where the URL
 * has plain names, each send composes its own from the `exchange`.
 */
export interface CallbackTarget {
  readonly url: string
  readonly base: string
  readonly exchange: Exchange
  readonly request: BoundRequest
}
