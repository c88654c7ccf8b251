import { endsWithin } from '../ends-within.ts'
import { afterQuietPass } from '../quiet-pass.ts'
import { AttemptRunner, type AttemptRunnerContext, type EndedAttempt } from './attempt/attempt-runner.ts'
import type { BackgroundWork } from './background/background-work.ts'
import type { BackgroundPace } from './background/pace.ts'
import type { ClaimResult, DeliveryStore, EndAttemptResult } from './delivery-store.ts'
import { laneLimits, strangersAtOnce, strangersEveryMs } from './isolation/origin-lane.ts'
import { StoreUnavailableError } from './store-unavailable-error.ts'
import type { ClaimedDelivery } from './stored-delivery.ts'

/** What a worker needs. */
export interface WorkerContext extends AttemptRunnerContext {
  readonly store: DeliveryStore
  /** Asked before the first claim, because whatever is claimed gets signed. */
  readonly keys: { readonly known: boolean; ensure(): Promise<void> }
  readonly concurrency: { readonly total: number; readonly perOrigin: number }
  /** For destinations that have no rate of their own. */
  readonly ratePerSecond: number | undefined
  readonly background: {
    readonly pace: BackgroundPace
    /** What makes more to be sent. */
    readonly makers: readonly BackgroundWork[]
    readonly purge: BackgroundWork
  }
}

const pollMs = { least: 250, most: 1_000 }
const backoffMs = { first: 100, most: 10_000 }
/** A turn begins at most this long after it was planned, however many attempts end meanwhile. */
const gatherMs = 10
/** So many have ended of those that still go on. */
const gatheredOfOne = 3
/** The most bytes that all running attempts may carry together. Beyond that nothing is claimed. */
const contentLimitBytes = 64 * 1_048_576
/** The least time for handlers, because the last attempts may have been recorded only just now. */
const leastHandlerGraceMs = 1_000
/** The least time for the store, after the grace time, to record aborted attempts. */
export const leastRecordMs = 1_000

/**
 * Claims due deliveries, sends them and records the results. It works in turns: one turn records what has ended and
 * claims for the free slots, in one exchange with the store. It never claims more than it has free slots, and nothing
 * while the store cannot record.
 */
export class DeliveryWorker {
  readonly #context: WorkerContext
  readonly #attempts: AttemptRunner
  #started = false
  #stopped = false
  #turning: Promise<number> | undefined
  #planned = false
  /** Ends the wait for more attempts, where it goes on. */
  #beginEarly: (() => void) | undefined
  /** When its next turn should begin, or that which goes on began; undefined where it need not do anything. */
  #owedAt: number | undefined
  #claimAt = 0
  #claimWithEnds = false
  /** The time of the last turn, and whether the clock was set back since the last claim. */
  #turnedAt = 0
  #wasSetBack = false
  #storeFailures = 0
  /** Why the store failed last. */
  #failure = ''
  #cancelTimer = () => {}
  #stopWatching = () => {}

  constructor(context: WorkerContext) {
    this.#context = context
    this.#attempts = new AttemptRunner(context, () => {
      if (!this.#gathers) this.#beginEarly?.()
      if (this.#started && this.#storeFailures === 0) this.#plan()
    })
  }

  start(): void {
    this.#started = true
    this.#stopped = false
    this.#stopWatching()
    this.#stopWatching = this.#context.store.watch?.(() => this.wake()) ?? (() => {})
    for (const work of this.#background) work.start()
    this.wake()
  }

  /** Makes the next turn come now, with a claim. */
  wake(): void {
    this.#claimAt = 0
    this.#beginEarly?.()
    if (this.#started && this.#storeFailures === 0) this.#plan()
  }

  /** Wakes the worker, unless all of these deliveries are already being sent. */
  wakeFor(ids: readonly string[]): void {
    if (ids.some(id => !this.#attempts.running.has(id))) this.wake()
  }

  /** Sends what is due by the clock, until nothing more is. Rejects if the store fails. */
  async runDue(): Promise<void> {
    const { handlers, background } = this.#context
    for (;;) {
      await handlers.recover('now')
      while (this.#turning !== undefined) await this.#turning.catch(() => {})
      this.#claimAt = 0
      const progress = await this.#startTurn()
      const more = await Promise.all([background.purge.doDue(), ...background.makers.map(work => work.doNow())])
      const handled = handlers.size > 0
      await handlers.allEnded()
      if (progress === 0 && !more.includes(true) && !handled && this.#attempts.running.size === 0) return
      await this.#attempts.running.nextEnd()
    }
  }

  /** For how long a turn has been going on, or should have begun. One that is well is never late for long. */
  get lateMs(): number {
    if (!this.#started || this.#stopped || this.#owedAt === undefined) return 0
    return Math.max(this.#context.clock.now() - this.#owedAt, 0)
  }

  /** Claims nothing more. Running attempts go on and are recorded. */
  stopClaiming(): void {
    this.#stopped = true
    this.#beginEarly?.()
    this.#stopWatching()
    for (const work of this.#background) void work.stop()
  }

  get #background(): readonly BackgroundWork[] {
    const { makers, purge } = this.#context.background
    return [...makers, purge]
  }

  /**
   * Claims nothing more, and lets attempts end for `graceMs` and records them. Then it aborts and records the rest.
   * Resolves to whether the store answered in time. What the store did not record is sent again when its lease has
   * passed.
   */
  async stop(graceMs: number): Promise<boolean> {
    const { clock, handlers } = this.#context
    const endsAt = clock.now() + graceMs
    this.stopClaiming()
    let waits = true
    const pieces = this.#background.map(work => work.stop())
    const answers = await endsWithin(
      Promise.all([this.#recordAll(graceMs, () => waits), ...pieces]),
      graceMs + leastRecordMs,
    )
    waits = false
    this.#started = false
    this.#cancelTimer()
    await handlers.drained(answers ? Math.max(endsAt - clock.now(), leastHandlerGraceMs) : 0)
    return answers
  }

  /** `waits` returns false once nobody waits any longer, because the store may be closed by then. */
  async #recordAll(graceMs: number, waits: () => boolean): Promise<void> {
    const { running } = this.#attempts
    const cancelAbort =
      graceMs > 0 ? this.#context.clock.setTimer(() => running.abortAll(), graceMs) : running.abortAll()
    await this.#turning?.catch(() => {})
    while (running.size > 0) await running.nextEnd()
    cancelAbort?.()
    if (!waits()) return
    this.#started = false
    this.#cancelTimer()
    await this.#turning?.catch(() => {})
    if (waits() && this.#attempts.endedCount > 0) await this.#startTurn().catch(() => {})
  }

  /** Waits a moment for attempts that end at the same time: a commit costs far more than its contents. */
  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    if (this.#turning === undefined) this.#owedAt = this.#context.clock.now()
    const until = performance.now() + gatherMs
    const mayWait = () => this.#attempts.running.size > 0 && performance.now() < until
    const ended = () => this.#attempts.endedCount
    afterQuietPass(ended, mayWait, () => this.#gathered(until))
  }

  /** Waits on while that makes turns larger. */
  #gathered(until: number): void {
    const leftMs = until - performance.now()
    const timer = setTimeout(() => this.#begin(), Math.max(leftMs, 0))
    this.#beginEarly = () => {
      clearTimeout(timer)
      this.#begin()
    }
    if (!this.#gathers || leftMs <= 0) this.#beginEarly()
  }

  /** While more is due than there are slots for, until most attempts have ended: a turn costs as much as many of them. */
  get #gathers(): boolean {
    const { endedCount, running } = this.#attempts
    return this.#claimWithEnds && !this.#stopped && endedCount < gatheredOfOne * running.size
  }

  #begin(): void {
    this.#beginEarly = undefined
    this.#planned = false
    if (this.#started && this.#turning === undefined) this.#startTurn().catch(() => {})
  }

  #startTurn(): Promise<number> {
    this.#owedAt = this.#context.clock.now()
    const turn = this.#turn().finally(() => {
      this.#turning = undefined
      this.#owedAt = undefined
      if (this.#started) this.#planNext()
    })
    this.#turning = turn
    return turn
  }

  #planNext(): void {
    const { random } = this.#context
    this.#cancelTimer()
    if (this.#storeFailures > 0) {
      const delayMs = Math.min(backoffMs.first * 2 ** (this.#storeFailures - 1), backoffMs.most)
      this.#planIn(delayMs * (1 + random()))
    } else if (this.#attempts.endedCount > 0 || this.#claimsNow()) this.#plan()
    else if (!this.#stopped && this.#freeSlots > 0) this.#planIn(this.#claimInMs)
  }

  #planIn(delayMs: number): void {
    const { clock } = this.#context
    this.#owedAt = clock.now() + delayMs
    this.#cancelTimer = clock.setTimer(() => this.#plan(), delayMs)
  }

  #claimsNow(): boolean {
    return !this.#stopped && this.#claimInMs === 0 && this.#freeSlots > 0
  }

  /** At most one poll. If more is left, the clock was set back meanwhile. */
  get #claimInMs(): number {
    const leftMs = this.#claimAt - this.#context.clock.now()
    return leftMs > pollMs.most ? 0 : Math.max(leftMs, 0)
  }

  get #freeSlots(): number {
    return this.#context.concurrency.total - this.#attempts.running.size
  }

  /** One exchange with the store; resolves to the number of attempts it recorded, began or gave up. */
  async #turn(): Promise<number> {
    const { store, clock } = this.#context
    const now = clock.now()
    if (now < this.#turnedAt) this.#wasSetBack = true
    this.#turnedAt = now
    const ended = this.#attempts.takeEnded()
    if (this.#claimWithEnds && ended.length > 0) this.#claimAt = 0
    const mayClaim = this.#storeFailures === 0 || ended.length === 0
    const [recorded, claimed] = await Promise.allSettled([
      ended.length > 0 ? store.endAttempts({ attempts: ended.map(({ result }) => result), now }) : [],
      mayClaim && this.#claimsNow() ? this.#claim(now) : undefined,
    ])
    if (recorded.status === 'rejected') {
      this.#attempts.putBack(ended, recorded.reason)
      if (claimed.status === 'fulfilled') await this.#giveBack(claimed.value?.claimed ?? [], now)
      return this.#storeFailed(recorded.reason)
    }
    this.#recorded(ended, recorded.value, now)
    if (claimed.status === 'rejected') return this.#storeFailed(claimed.reason)
    this.#storeAnswers()
    if (this.#stopped) await this.#giveBack(claimed.value?.claimed ?? [], now)
    else this.#take(claimed.value, now)
    await this.#recoverHandlers()
    const { claimed: begun = [], failed = [] } = claimed.value ?? {}
    return ended.length + begun.length + failed.length
  }

  async #claim(now: number): Promise<ClaimResult> {
    const { store, keys, concurrency, leaseMarginMs, ratePerSecond } = this.#context
    const { running } = this.#attempts
    this.#claimAt = Number.POSITIVE_INFINITY
    if (!keys.known) await keys.ensure()
    const alive = this.#wasSetBack ? running.leases : undefined
    this.#wasSetBack = false
    return store.claim({
      now,
      limit: this.#freeSlots,
      limitBytes: contentLimitBytes - running.contentBytes,
      perOrigin: concurrency.perOrigin,
      running: running.byOrigin,
      lanes: laneLimits(concurrency.total, running.byLane),
      leaseMarginMs,
      alive,
      ratePerSecond,
    })
  }

  #take(result: ClaimResult | undefined, now: number): void {
    if (result === undefined) return
    const { random } = this.#context
    const pollAfterMs = pollMs.least + (pollMs.most - pollMs.least) * random()
    const { nextDueInMs = pollAfterMs } = result
    // What is due but was not claimed needs one of our own attempts to end, so asking earlier is useless.
    this.#claimWithEnds = nextDueInMs === 0
    const strangers = result.claimed.filter(({ lane }) => lane !== 'known').length
    const leftMs = strangers >= strangersAtOnce ? strangersEveryMs : pollAfterMs
    this.#claimBy(now + (nextDueInMs === 0 ? leftMs : Math.min(nextDueInMs, pollAfterMs)))
    this.#context.background.pace.note(result.claimed)
    for (const delivery of result.claimed) this.#attempts.begin(delivery, now)
    for (const delivery of result.failed) this.#attempts.failed(delivery)
    if (result.failed.length > 0) this.#context.handlers.recoverSoon()
  }

  #claimBy(time: number): void {
    this.#claimAt = Math.min(this.#claimAt, time)
  }

  #recorded(ended: readonly EndedAttempt[], results: readonly EndAttemptResult[], now: number): void {
    this.#attempts.recorded(ended, results, now)
    for (const { result } of ended) if (result.next.state === 'scheduled') this.#claimBy(now + result.next.delayMs)
    if (results.some(result => result.frees)) this.#claimBy(now)
  }

  async #giveBack(leases: readonly ClaimedDelivery[], now: number): Promise<void> {
    if (leases.length > 0) await this.#context.store.release({ leases, now }).catch(() => {})
  }

  #storeAnswers(): void {
    if (this.#storeFailures > 0) this.#context.log.info('The delivery store answers again')
    this.#storeFailures = 0
    this.#failure = ''
  }

  #storeFailed(error: unknown): never {
    const failure = error instanceof StoreUnavailableError && error.lasting ? error.reason : ''
    // A problem that somebody has to repair is logged only once.
    if (failure === '' || failure !== this.#failure)
      this.#context.log.error('The delivery store does not answer; nothing is sent until it does', { error })
    this.#failure = failure
    this.#storeFailures++
    this.#claimAt = 0
    this.#context.events.emit('worker.error', { error })
    throw error
  }

  async #recoverHandlers(): Promise<void> {
    const { handlers, log } = this.#context
    try {
      if (this.#started && !this.#stopped) await handlers.recover('from time to time')
    } catch (error) {
      log.warn('Could not find the handlers that are still to run', { error })
    }
  }
}
