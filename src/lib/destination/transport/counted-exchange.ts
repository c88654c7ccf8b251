import type { Dispatcher } from 'undici'

/** What a connection needs to know of its exchange. */
export interface CountedExchange extends Dispatcher.DispatchHandler {
  /** Whether its response, or its error, is known. */
  readonly isOver: boolean
  /** How much of the response's body has come. */
  readonly bodyBytes: number
  /** More bytes came than any response needs. */
  overflow(): void
}
