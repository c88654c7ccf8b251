import type { Row } from '../../rows/row.ts'
import type { KnownLeases } from '../attempts/known-leases.ts'
import type { Tally } from '../stats/tally.ts'
import type { Asked } from './statement.ts'

/** What a store does in one transaction. */
export interface Transaction {
  /** Sends a statement, and gives its rows. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Sends a statement whose rows nobody needs in one exchange with the next one, which fails where this does. */
  sendWithNext(text: string, values: readonly unknown[]): void
  /** Sends several in their order, none of which needs what another one gives; no two of them may be the same. */
  queryAll(asked: readonly Asked[]): Promise<readonly (readonly Row[])[]>
  /** What is counted, and written before the commit. */
  readonly tally: Tally
  /** What was read with its beginning. */
  readonly engine: EngineState
  /** What is known of the store in this process. */
  readonly memory: StoreMemory
  /** What was there to be done when it began; undefined where nobody has looked, or more may be there since. */
  seen: Seen | undefined
  /** Whether it holds nothing that others may wait for, and so may wait for others. */
  mayWait: boolean
  /** Whether it has made places, for which others that make them wait. */
  hasEntered: boolean
  /** What is sent with its commit. */
  readonly atEnd: Asked[]
}

/** What there may be to be done before a claim; times are undefined where there is nothing of the kind. */
export interface Seen {
  readonly arrivals: boolean
  /** When the first lease passes, or the first delivery expires. */
  readonly passesAt: number | undefined
  /** When the first new origin without a turn is ready. */
  readonly newcomerAt: number | undefined
  readonly silentAt: number | undefined
  /** Whether new origins have turns. */
  readonly turns: boolean
}

/** What all processes share, as it stood when the transaction began. */
export interface EngineState {
  /** Of this store alone. */
  readonly id: string
  /** The server's time. */
  readonly now: number
  /** The latest time that was told; undefined where none ever was. */
  readonly latestAt: number | undefined
  readonly isPaused: boolean
  /** Whether any recipient's secret was rotated. */
  readonly hasSecrets: boolean
}

/** What one process remembers from one transaction to the next: only what saves work. */
export interface StoreMemory {
  /** When something was done here that needs doing from time to time only. */
  claimNotedAt: number
  foldedAt: number
  /** What this process has leased. */
  readonly leases: KnownLeases
}
