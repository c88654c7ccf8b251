import type { Clock } from '../clock.ts'
import { HttpError } from '../http/http-error.ts'
import type { RequestView } from '../http/request-view.ts'
import type { CompiledDependency } from '../operation/compiled/compiled-dependency.ts'
import type { Concurrency } from '../operation/compiled/dependency-limits.ts'

/** The places of a dependency that may have only so many values at once: they are given in the order of the requests. */
export class DependencyPlaces {
  readonly #limits: Concurrency
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()
  #taken = 0

  constructor(limits: Concurrency) {
    this.#limits = limits
  }

  /**
   * Resolves when there is a place, which `give` gives back. Rejects with an `HttpError` 503 where too many wait already,
   * where it takes too long, and where the client has gone away.
   */
  async take(view: Pick<RequestView, 'signal'>, clock: Clock): Promise<void> {
    if (this.#taken < this.#limits.maxConcurrency) this.#taken += 1
    else if (this.#waiting.size >= this.#limits.maxWaiting)
      throw busy('Too many requests wait already: try again later')
    else await this.#wait(view.signal, clock)
  }

  /** Hands a place on to the one who has waited longest. */
  give(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#taken -= 1
    else next()
  }

  #wait(signal: AbortSignal, clock: Clock): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(begin)
        signal.removeEventListener('abort', goAway)
        cancelTimer()
      }
      const begin = (): void => {
        leave()
        resolve()
      }
      const fail = (detail: string): void => {
        leave()
        reject(busy(detail))
      }
      const goAway = (): void => fail('The client went away while its request waited')
      const cancelTimer = clock.setTimer(
        () => fail('The request has waited too long: try again later'),
        this.#limits.maxWaitMs,
      )
      this.#waiting.add(begin)
      signal.addEventListener('abort', goAway)
      if (signal.aborted) goAway()
    })
  }
}

const busy = (detail: string): HttpError => new HttpError(503, detail, { headers: { 'retry-after': '1' } })

const known = new WeakMap<CompiledDependency, DependencyPlaces>()

/** The places of a dependency; undefined where there may be any number of its values. */
export function placesOf(compiled: CompiledDependency): DependencyPlaces | undefined {
  const { concurrency } = compiled
  if (concurrency === undefined) return undefined
  const places = known.get(compiled) ?? new DependencyPlaces(concurrency)
  known.set(compiled, places)
  return places
}

/** A generator that gives the place back when it is cleaned up, whatever has happened. */
export function* placeHeld(places: DependencyPlaces): Generator<undefined, void, void> {
  try {
    yield
  } catch {
    // The error is that of the request, and goes its own way.
  } finally {
    places.give()
  }
}
