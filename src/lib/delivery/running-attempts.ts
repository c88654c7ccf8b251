import type { ClaimedDelivery } from './stored-delivery.ts'

/** The attempts that one worker has on their way: how many there are to each origin, and how to stop them. */
export class RunningAttempts {
  readonly #ids = new Set<string>()
  readonly #byOrigin = new Map<string, number>()
  /** One for all of them: they are only ever aborted together. */
  #stop = new AbortController()
  #onEnd: (() => void)[] = []

  get size(): number {
    return this.#ids.size
  }

  get byOrigin(): ReadonlyMap<string, number> {
    return this.#byOrigin
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Gives the signal that aborts the attempt. */
  begin({ id, origin }: ClaimedDelivery): AbortSignal {
    this.#ids.add(id)
    this.#byOrigin.set(origin, (this.#byOrigin.get(origin) ?? 0) + 1)
    return this.#stop.signal
  }

  end({ id, origin }: ClaimedDelivery): void {
    this.#ids.delete(id)
    const left = (this.#byOrigin.get(origin) ?? 1) - 1
    if (left === 0) this.#byOrigin.delete(origin)
    else this.#byOrigin.set(origin, left)
    const waiting = this.#onEnd
    this.#onEnd = []
    for (const resolve of waiting) resolve()
  }

  /** Resolves when one of them ends; at once where there is none. */
  nextEnd(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise(resolve => this.#onEnd.push(resolve))
  }

  abortAll(): void {
    this.#stop.abort()
    this.#stop = new AbortController()
  }
}
