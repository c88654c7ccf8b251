import type { RequestView } from '../http/request-view.ts'
import type { Log } from '../log.ts'

/** Work that runs after its response. Errors are logged; shutdown waits for what is running. */
export class BackgroundTasks {
  readonly #log: Log
  readonly #running = new Set<Promise<void>>()

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
  }

  /** Resolves when nothing is running any more, or after `graceMs`. */
  async drained(graceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const timer = setTimeout(resolve, graceMs, 'late')
    while (this.#running.size > 0)
      if ((await Promise.race([Promise.all(this.#running), late])) === 'late') {
        this.#log.warn('Work after responses did not end in time', { tasks: this.#running.size })
        break
      }
    clearTimeout(timer)
  }
}
