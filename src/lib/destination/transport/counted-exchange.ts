import type { Dispatcher } from 'undici'

/** An exchange as its connection sees it. */
export interface CountedExchange extends Dispatcher.DispatchHandler {
  /** Whether its response, or its error, is known. */
  readonly isOver: boolean
  /** What has come of the response's body. */
  readonly bodyBytes: number
  /** More came than belongs to any response. */
  overflow(): void
}
