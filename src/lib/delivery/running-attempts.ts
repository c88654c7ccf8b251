import type { ClaimedDelivery } from './stored-delivery.ts'

/** The attempts that one worker has on their way: how many there are to each origin, and how to stop them. */
export class RunningAttempts {
  readonly #byId = new Map<string, AbortController>()
  readonly #byOrigin = new Map<string, number>()
  #onEnd: (() => void)[] = []

  get size(): number {
    return this.#byId.size
  }

  get byOrigin(): ReadonlyMap<string, number> {
    return this.#byOrigin
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** The signal that aborts this attempt. */
  begin({ id, origin }: ClaimedDelivery): AbortSignal {
    const controller = new AbortController()
    this.#byId.set(id, controller)
    this.#byOrigin.set(origin, (this.#byOrigin.get(origin) ?? 0) + 1)
    return controller.signal
  }

  end({ id, origin }: ClaimedDelivery): void {
    this.#byId.delete(id)
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
    for (const controller of this.#byId.values()) controller.abort()
  }
}
