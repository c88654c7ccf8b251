import type { ApiProcess } from './api-process.ts'
import type { ExternalApi } from './external-api.ts'
import type { ListenProcess } from './listen-process.ts'

/** What the steps of the demo share. */
export interface Stage {
  readonly api: ApiProcess
  readonly externalApi: ExternalApi
  /** A receiver that nobody had to write; it is started in the last step. */
  readonly listener: ListenProcess
  /** The URL that the client gives to the API, a part of the external API. */
  readonly callbackUrl: string
  /** The root of this repository. */
  readonly root: string
  /** Ends the demo: Ctrl-C. */
  readonly signal: AbortSignal
}

/** How long a due callback may take. */
export const arrivalLimitMs = 10_000
