import { endsWithin } from '../ends-within.ts'
import type { RequestView } from '../http/request-view.ts'
import type { Log } from '../log/log.ts'

/** How many of the requests whose work did not end are named. */
const MOST_NAMED = 10
/** Work that began itself again this often is taken to go on for ever. */
const MOST_ROUNDS = 1_000

/** Work that runs after its response. Errors are logged; shutdown waits for what is running. */
export class BackgroundTasks {
  readonly #log: Log
  readonly #running = new Set<Promise<void>>()
  /** The request that it belongs to. */
  readonly #requests = new WeakMap<Promise<void>, RequestView>()
  #ends = 0

  constructor(log: Log) {
    this.#log = log
  }

  /** Runs `fn` once the response to this request has been sent. */
  add(fn: () => void | Promise<void>, view: RequestView): void {
    this.#add(fn, view)
  }

  /** Runs `fn` once all other work of this request has ended, too. */
  addLast(fn: () => void | Promise<void>, view: RequestView): void {
    const last = this.#add(async () => {
      for (let others = this.#othersOf(view, last); others.length > 0; others = this.#othersOf(view, last))
        await Promise.all(others)
      await fn()
    }, view)
  }

  #othersOf(view: RequestView, task: Promise<void>): Promise<void>[] {
    return [...this.#running].filter(other => other !== task && this.#requests.get(other) === view)
  }

  #add(fn: () => void | Promise<void>, view: RequestView): Promise<void> {
    const task = new Promise<void>(resolve => view.afterSent(resolve))
      .then(fn)
      .catch((error: unknown) => this.#log.error('Work after a response failed', { error }))
      .finally(() => {
        this.#running.delete(task)
        this.#ends++
      })
    this.#running.add(task)
    this.#requests.set(task, view)
    return task
  }

  /** Whether any work is still running. */
  get running(): boolean {
    return this.#running.size > 0
  }

  /**
   * Resolves when nothing is running any more, including what the work itself began. Rejects where nothing ends for
   * `patienceMs`, and where work keeps beginning again.
   */
  async ended(patienceMs: number): Promise<void> {
    for (let round = 0; this.running; round++) {
      if (round === MOST_ROUNDS) throw new Error(`Background work does not end: it started again ${round} times`)
      const endsBefore = this.#ends
      const inTime = await endsWithin(Promise.all(this.#running), patienceMs)
      if (!inTime && this.#ends === endsBefore)
        throw new Error(
          `Background work does not end: ${this.#running.size} tasks, none of which ended in ${patienceMs} ms`,
        )
    }
  }

  /** Resolves when nothing is running any more, or after `graceMs`. */
  async drained(graceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const timer = setTimeout(resolve, graceMs, 'late')
    while (this.#running.size > 0)
      if ((await Promise.race([Promise.all(this.#running), late])) === 'late') {
        const requests = new Set([...this.#running].map(task => nameOf(this.#requests.get(task))))
        const fields = { tasks: this.#running.size, requests: [...requests].slice(0, MOST_NAMED) }
        this.#log.warn('Work after responses did not end in time and was abandoned', fields)
        break
      }
    clearTimeout(timer)
  }
}

const nameOf = (view: RequestView | undefined): string => `${view?.method} ${view?.path}`
