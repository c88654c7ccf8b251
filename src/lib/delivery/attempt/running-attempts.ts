import type { OriginLane } from '../isolation/origin-lane.ts'
import type { ClaimedDelivery, Lease } from '../stored-delivery.ts'

/** The attempts that one worker has on their way: how many there are to each origin, and how to stop them. */
export class RunningAttempts {
  /** More than one of a delivery whose lease has passed, or that was cancelled and replayed, while one was on its way. */
  readonly #byId = new Map<string, number>()
  readonly #leases = new Set<Lease>()
  readonly #byOrigin = new Map<string, number>()
  readonly #byLane: Record<OriginLane, number> = { known: 0, new: 0, silent: 0 }
  #size = 0
  #contentBytes = 0
  /** One for all of them: they are only ever aborted together. */
  #stop = new AbortController()
  #onEnd: (() => void)[] = []

  get size(): number {
    return this.#size
  }

  get byOrigin(): ReadonlyMap<string, number> {
    return this.#byOrigin
  }

  /** By the lane of their origins when they began. */
  get byLane(): Readonly<Record<OriginLane, number>> {
    return this.#byLane
  }

  /** The bytes of all that is on its way. */
  get contentBytes(): number {
    return this.#contentBytes
  }

  get leases(): readonly Lease[] {
    return [...this.#leases].map(({ id, token }) => ({ id, token }))
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** Gives the signal that aborts the attempt. */
  begin(delivery: ClaimedDelivery): AbortSignal {
    const { id, origin, lane, content } = delivery
    this.#size++
    this.#leases.add(delivery)
    this.#contentBytes += content.length
    this.#byLane[lane]++
    countUp(this.#byId, id)
    countUp(this.#byOrigin, origin)
    return this.#stop.signal
  }

  end(delivery: ClaimedDelivery): void {
    const { id, origin, lane, content } = delivery
    this.#size--
    this.#leases.delete(delivery)
    this.#contentBytes -= content.length
    this.#byLane[lane]--
    countDown(this.#byId, id)
    countDown(this.#byOrigin, origin)
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

function countUp(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function countDown(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1
  if (left === 0) counts.delete(key)
  else counts.set(key, left)
}
