import { performance } from 'node:perf_hooks'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log/log.ts'
import { StoreUnavailableError } from '../store-unavailable-error.ts'
import { rest } from './rest.ts'

/** What {@link BackgroundWork} does, and when. */
export interface BackgroundWorkContext {
  readonly clock: Clock
  readonly log: Log
  /** Does a piece; true if there may be more. */
  readonly piece: (now: number) => Promise<boolean>
  /** So many times as long as a piece and what came of it took, it rests. */
  readonly rests: () => number
  /** How long until the first look at whether there is something to do. */
  readonly firstMs: number
  /** How long until the next look after there was nothing. */
  readonly everyMs: number
  /** What the log says when a piece fails. */
  readonly failure: string
}

const afterFailureMs = 30_000

/**
 * Long work with the store, such as sending a message to 10,000 endpoints. It is done in small pieces with rests between
 * them, so that it costs what is urgent little, and no turn of the worker waits for it.
 */
export class BackgroundWork {
  readonly #context: BackgroundWorkContext
  #lookAt: number
  #piece: Promise<boolean> | undefined
  #started = false
  #rests = false
  #cancelTimer = () => {}

  constructor(context: BackgroundWorkContext) {
    this.#context = context
    this.#lookAt = context.clock.now() + context.firstMs
  }

  start(): void {
    this.#started = true
    this.#plan()
  }

  /** Begins no further piece, and resolves when the one that goes on has ended. */
  async stop(): Promise<void> {
    this.#started = false
    this.#cancelTimer()
    await this.#piece
  }

  /** Makes it look as soon as it does not rest. */
  wake(): void {
    this.#lookAt = 0
    this.#plan()
  }

  /** Does a piece if it is time to look, without a rest; true if there may be more. */
  async doDue(): Promise<boolean> {
    return this.#leftMs === 0 && this.#doPiece()
  }

  /** Does a piece, whenever the next look was to be, without a rest; true if there may be more. */
  doNow(): Promise<boolean> {
    return this.#doPiece()
  }

  /** If more than a wait is left, the clock was set back meanwhile. */
  get #leftMs(): number {
    const { clock, everyMs, firstMs } = this.#context
    const leftMs = this.#lookAt - clock.now()
    return leftMs > Math.max(everyMs, firstMs, afterFailureMs) ? 0 : Math.max(leftMs, 0)
  }

  #plan(): void {
    if (!this.#started || this.#rests || this.#piece !== undefined) return
    this.#cancelTimer()
    if (this.#leftMs === 0) void this.#doPiece()
    else this.#cancelTimer = this.#context.clock.setTimer(() => this.#plan(), this.#leftMs)
  }

  #doPiece(): Promise<boolean> {
    const begun = performance.now()
    this.#piece ??= this.#tryPiece().finally(() => {
      this.#piece = undefined
      if (this.#started) void this.#rest(performance.now() - begun)
    })
    return this.#piece
  }

  async #rest(pieceMs: number): Promise<void> {
    this.#rests = true
    await rest(pieceMs, this.#context.rests())
    this.#rests = false
    this.#plan()
  }

  async #tryPiece(): Promise<boolean> {
    const { clock, log, piece, everyMs, failure } = this.#context
    const now = clock.now()
    // Before the piece, so that a wake meanwhile counts.
    this.#lookAt = now + everyMs
    try {
      const more = await piece(now)
      if (more) this.#lookAt = 0
      return more
    } catch (error) {
      // The worker says that the store does not answer.
      const isAway = error instanceof StoreUnavailableError
      this.#lookAt = now + (isAway ? Math.min(everyMs, afterFailureMs) : afterFailureMs)
      if (!isAway) log.warn(failure, { error })
      return false
    }
  }
}
