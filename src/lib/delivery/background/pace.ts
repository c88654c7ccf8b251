import type { Clock } from '../../clock.ts'
import type { ClaimedDelivery } from '../stored-delivery.ts'

/** In which pieces work in the background is done, and how long it rests after each. */
export interface Pace {
  /** How many deliveries one piece makes. */
  readonly pieceSize: number
  /** So many times as long as a piece and what came of it took, nothing is done in the background. */
  readonly rests: number
}

/** Nobody waits for anything else, as far as this process has seen for a while. */
const alone: Pace = { pieceSize: 32, rests: 0.5 }
/** Small enough that what is urgent hardly notices: see `bench/fanout`. */
const besideOthers: Pace = { pieceSize: 2, rests: 3 }
/** For how long what was urgent is taken as a sign of more. */
const othersMs = 10_000

/** The pace of work in the background: slower while this process also delivers what was sent just now. */
export class BackgroundPace {
  readonly #clock: Clock
  #othersAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get now(): Pace {
    // If it lies ahead, the clock was set back meanwhile.
    const sinceMs = this.#clock.now() - this.#othersAt
    return sinceMs >= 0 && sinceMs < othersMs ? besideOthers : alone
  }

  /** Takes note of what a claim brought. */
  note(claimed: readonly ClaimedDelivery[]): void {
    if (claimed.some(isUrgent)) this.#othersAt = this.#clock.now()
  }
}

/** Neither made in the background nor sent before: whoever sent it expects it to go at once. */
function isUrgent({ attemptNumber, endpoint }: ClaimedDelivery): boolean {
  return attemptNumber === 1 && endpoint?.madeLater !== true
}
