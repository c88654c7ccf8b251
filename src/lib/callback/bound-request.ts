import type { Exchange } from '../expression/exchange.ts'
import type { SendSettings } from '../operation/bound-callback.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import type { Deliverer } from './deliverer.ts'

/** The options of `send` as the run time reads them. */
export interface AnySendOptions extends SendSettings {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
}

/** What `send` or `call` was given. */
export interface Sent {
  readonly body: unknown
  readonly options: AnySendOptions
}

/** The request that callbacks are bound to, or what was kept of one; all of its callbacks share it. */
export interface BoundRequest {
  readonly operationId: string
  /** What the URLs read. */
  readonly exchange: Exchange
  /** The tenant whose request it is, unless `send` names another. */
  readonly recipient: string | undefined
  readonly deliverer: Deliverer
  readonly runtime: CallbackRuntime
}

/** Where a callback goes: the composed URL, the base URL that stood at its beginning, and the request that it follows. */
export interface CallbackTarget {
  readonly url: string
  readonly base: string
  readonly request: BoundRequest
}
