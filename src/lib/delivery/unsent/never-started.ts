import type { Log } from '../../log/log.ts'

/** Tells the log, once, that what is stored is sent by nobody here: an application that is embedded is easily not started. */
export class NeverStarted {
  readonly #log: Log
  #told: boolean

  /** `worker` is false where another process sends. */
  constructor(log: Log, worker: boolean) {
    this.#log = log
    this.#told = !worker
  }

  /** From now on there is nothing to tell. */
  started(): void {
    this.#told = true
  }

  stored(): void {
    if (this.#told) return
    this.#told = true
    this.#log.warn(
      'A callback was stored, but nothing sends it: call "await app.start()", as serve() does, or set "delivery.worker" to false if another process sends',
    )
  }
}
