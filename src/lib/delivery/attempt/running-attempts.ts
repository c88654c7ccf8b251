import type { OriginLane } from '../isolation/origin-lane.ts'
import type { ClaimedDelivery, Lease } from '../stored-delivery.ts'

/** The running attempts of one worker: how many there are to each origin, and a way to stop them. */
export class RunningAttempts {
  /**
   * How many attempts of each delivery are running. More than one if its lease has passed during an attempt, or if it
   * was cancelled and replayed meanwhile.
   */
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

  /** By the lane that their origins were in when they began. */
  get byLane(): Readonly<Record<OriginLane, number>> {
    return this.#byLane
  }

  /** The bytes of all running attempts together. */
  get contentBytes(): number {
    return this.#contentBytes
  }

  get leases(): readonly Lease[] {
    return [...this.#leases].map(({ id, token }) => ({ id, token }))
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** Returns the signal that aborts the attempt. */
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

  /** Resolves when one of them ends; at once if there is none. */
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
  const left = counts.get(key)! - 1
  if (left === 0) counts.delete(key)
  else counts.set(key, left)
}
