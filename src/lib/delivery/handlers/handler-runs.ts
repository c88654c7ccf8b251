import type { Clock } from '../../clock.ts'
import type { Log, LogFields } from '../../log/log.ts'
import type { ClaimHandlersRequest } from './handler-requests.ts'

/** One run of a handler, for something that the store has leased to this worker. */
export interface HandlerRun {
  readonly handler: 'onResponse' | 'onFailed' | 'onOutage' | 'onFailing' | 'onDisabled' | 'onRecovered'
  /** Its name in the log. */
  readonly name: string
  /** Fields for the log that say what it runs for. */
  readonly fields: LogFields
  /** How often it has failed so far. */
  readonly failures: number
  call(): unknown
  /** Records in the store that it need not run any more, or is to run again. */
  end(againInMs: number | undefined): Promise<void>
}

/** Where a worker finds handlers that have still to run. */
export interface HandlerSource {
  /** How often it is asked. `Infinity` means only when there is a reason to. */
  readonly everyMs: number
  claim(request: ClaimHandlersRequest): Promise<readonly HandlerRun[]>
}

/**
 * A handler that has not run after this time is run by any worker, because the worker that should have run it has died.
 */
export const handlerLeaseMs = 60_000
/**
 * A handler that has not ended after this time has failed, although nobody can stop it. The rest of the lease is for
 * recording that.
 */
const handlerLimitMs = 50_000
/** A failed handler runs again after each of these times, and then no more. */
const againAfterMs: readonly number[] = [60_000, 300_000, 1_800_000]
/** No handler waits longer than this. */
export const longestHandlerWaitMs = Math.max(handlerLeaseMs, ...againAfterMs)
const claimedAtOnce = 16

/** Runs handlers apart from attempts, records how they ended, and takes over those that other workers left. */
export class HandlerRuns {
  readonly #clock: Clock
  readonly #log: Log
  readonly #sources: readonly HandlerSource[]
  readonly #running = new Map<Promise<void>, HandlerRun>()
  readonly #nextClaimAt = new Map<HandlerSource, number>()

  constructor(clock: Clock, log: Log, sources: readonly HandlerSource[]) {
    this.#clock = clock
    this.#log = log
    this.#sources = sources
    for (const source of sources) if (source.everyMs < Number.POSITIVE_INFINITY) this.#nextClaimAt.set(source, 0)
  }

  get size(): number {
    return this.#running.size
  }

  run(run: HandlerRun): void {
    const running = this.#run(run).finally(() => this.#running.delete(running))
    this.#running.set(running, run)
  }

  /** Runs the handlers that are due: those that are to run again, and those that a dead worker has left. */
  async recover(at: 'from time to time' | 'now'): Promise<void> {
    const now = this.#clock.now()
    for (const source of this.#sources) {
      const dueAt = this.#nextClaimAt.get(source) ?? Number.POSITIVE_INFINITY
      // More than it ever waits, so the clock was set back.
      const isDue = now >= dueAt || dueAt - now > source.everyMs
      if (isDue || (at === 'now' && dueAt < Number.POSITIVE_INFINITY)) await this.#recover(source, now)
    }
  }

  /** Asks the sources at the next opportunity. */
  recoverSoon(inMs = 0): void {
    const at = this.#clock.now() + inMs
    for (const source of this.#sources) this.#nextClaimAt.set(source, Math.min(this.#nextClaimAt.get(source) ?? at, at))
  }

  async allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.keys())
  }

  /** Resolves when all have ended, or after `graceMs`. The others run again, in another worker. */
  async drained(graceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancelTimer = this.#clock.setTimer(resolve, graceMs)
    await Promise.race([this.allEnded(), late])
    cancelTimer()
    for (const [handler, runs] of Map.groupBy(this.#running.values(), run => run.handler))
      this.#log.warn(`${handler} did not end in time; it will run again`, { running: runs.length })
  }

  async #recover(source: HandlerSource, now: number): Promise<void> {
    this.#nextClaimAt.set(source, now + source.everyMs)
    const runs = await source.claim({ now, limit: claimedAtOnce, leaseMs: handlerLeaseMs })
    if (runs.length === claimedAtOnce) this.#nextClaimAt.set(source, now)
    for (const run of runs) this.run(run)
  }

  async #run(run: HandlerRun): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const tooLate = () => reject(new Error(`It has not ended within ${handlerLimitMs / 1_000} s`))
    const cancelTimer = this.#clock.setTimer(tooLate, handlerLimitMs)
    let againInMs: number | undefined
    try {
      await Promise.race([Promise.try(() => run.call()), late])
    } catch (error) {
      againInMs = againAfterMs[run.failures]
      this.#tellFailure(run, error, againInMs)
    }
    cancelTimer()
    await this.#end(run, againInMs)
  }

  #tellFailure({ name, fields, failures }: HandlerRun, error: unknown, againInMs: number | undefined): void {
    const what =
      againInMs === undefined
        ? `failed ${failures + 1} times and is not run again`
        : `failed; it runs again in ${againInMs / 60_000} min`
    this.#log.error(`${name} ${what}`, { error, ...fields })
  }

  async #end({ name, fields, end }: HandlerRun, againInMs: number | undefined): Promise<void> {
    try {
      await end(againInMs)
      if (againInMs !== undefined) this.recoverSoon(againInMs)
    } catch (error) {
      this.#log.warn(`Could not record that ${name} ran; it will run again`, { error, ...fields })
    }
  }
}
