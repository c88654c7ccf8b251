import type { IncomingHttpHeaders } from 'node:http'
import type { MessageRoute } from './message-route.ts'

/** A request as it came. */
export interface Received {
  readonly number: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** What is sent back. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What a request turned out to be. */
export interface Judged {
  readonly reply: Reply
  /** In words: `valid`, or what is wrong. */
  readonly words: string
  readonly isAccepted: boolean
  readonly route?: MessageRoute | undefined
  readonly id?: string | undefined
  /** The number of the request that it repeats. */
  readonly repeats?: number | undefined
}

/** A request with what became of it. */
export interface Handled {
  readonly received: Received
  readonly judged: Judged
  readonly tookMs: number
}
