import type { RequestView } from '../http/request-view.ts'
import type { Log } from '../log.ts'

/** So many requests are named of those whose work did not end. */
const MOST_NAMED = 10

/** Work that runs after its response. Errors are logged; shutdown waits for what is running. */
export class BackgroundTasks {
  readonly #log: Log
  readonly #running = new Set<Promise<void>>()
  /** To whom it belongs. */
  readonly #requests = new WeakMap<Promise<void>, string>()

  constructor(log: Log) {
    this.#log = log
  }

  /** Runs `fn` once the answer to this request has been sent. */
  add(fn: () => void | Promise<void>, view: RequestView): void {
    const task = new Promise<void>(resolve => view.afterSent(resolve))
      .then(fn)
      .catch((error: unknown) => this.#log.error('Work after a response failed', { error }))
      .finally(() => this.#running.delete(task))
    this.#running.add(task)
    this.#requests.set(task, `${view.method} ${view.path}`)
  }

  /** Resolves when nothing is running any more, or after `graceMs`. */
  async drained(graceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const timer = setTimeout(resolve, graceMs, 'late')
    while (this.#running.size > 0)
      if ((await Promise.race([Promise.all(this.#running), late])) === 'late') {
        const requests = new Set([...this.#running].map(task => this.#requests.get(task)))
        const fields = { tasks: this.#running.size, requests: [...requests].slice(0, MOST_NAMED) }
        this.#log.warn('Work after responses did not end in time and was abandoned', fields)
        break
      }
    clearTimeout(timer)
  }
}
