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
      .catch((error: unknown) => this.#log.error('A background task failed', { error }))
      .finally(() => this.#running.delete(task))
    this.#running.add(task)
  }

  /** Resolves when nothing is running any more. */
  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
