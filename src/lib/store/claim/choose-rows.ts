import { shareSlots } from './share-slots.ts'

/** A row that is due. */
export interface DueRow {
  readonly number: number
  readonly bytes: number
}

/** A destination that is ready, and its oldest rows. */
export interface ReadyDestination {
  readonly number: number
  readonly readyAt: number
  /** Whether only one attempt at a time may go there. */
  readonly takesOne: boolean
  /** How many attempts may start there now. */
  readonly most: number
  readonly rows: readonly DueRow[]
  /** Whether more rows may be due than were read. */
  readonly hasMore: boolean
}

/** An origin that takes part in a claim, and how many slots it may have. */
export interface ReadyOrigin {
  readonly number: number
  readonly takesOne: boolean
  readonly room: number
  readonly destinations: readonly ReadyDestination[]
  /** Whether more of its destinations may be ready than were read. Default: false. */
  readonly hasMore?: boolean
}

/** The rows that a claim takes. */
export interface ChosenRows {
  readonly rows: readonly ChosenRow[]
  /** The destinations from which rows were asked for. When they are ready must be computed again. */
  readonly asked: ReadonlySet<number>
  /** How many rows were wanted of those destinations of which too few were read. */
  readonly wanted: ReadonlyMap<number, number>
  /** Whether more destinations were wanted of an origin than were read. */
  readonly wantsDestinations: boolean
}

/** A row, and where it goes. */
export interface ChosenRow {
  readonly row: DueRow
  readonly destination: ReadyDestination
  readonly origin: ReadyOrigin
}

/** How much a claim may take. */
export interface ClaimRoom {
  readonly slots: number
  /** No further row is taken once they have this many bytes together. */
  readonly bytes: number
  readonly now: number
}

/** Shares the slots of a claim between origins, and those of each origin between its destinations, in rounds. */
export function chooseRows(origins: readonly ReadyOrigin[], room: ClaimRoom): ChosenRows {
  const choice = new Choice(room)
  const taken = new Map<ReadyOrigin, number>()
  const rows = shareSlots(
    room.slots,
    origins,
    ({ takesOne }) => takesOne,
    (origin, share) => {
      const before = taken.get(origin) ?? 0
      const chosen = choice.takeFromOrigin(origin, Math.min(share, Math.max(origin.room - before, 0)))
      taken.set(origin, before + chosen.length)
      return chosen
    },
  )
  return { rows, asked: choice.asked, wanted: choice.wanted, wantsDestinations: choice.wantsDestinations }
}

/** A choice in progress. */
class Choice {
  readonly asked = new Set<number>()
  readonly wanted = new Map<number, number>()
  wantsDestinations = false
  readonly #now: number
  #bytes: number
  readonly #taken = new Map<number, number>()
  /** When destinations are ready after the rows that were taken from them; undefined if they are not ready any more. */
  readonly #readyAt = new Map<number, number | undefined>()

  constructor({ now, bytes }: ClaimRoom) {
    this.#now = now
    this.#bytes = bytes
  }

  takeFromOrigin(origin: ReadyOrigin, slots: number): ChosenRow[] {
    // One that was not asked yet comes before those that were.
    const fresh = origin.destinations.filter(({ number }) => !this.#readyAt.has(number)).length
    if (origin.hasMore && fresh < slots) this.wantsDestinations = true
    const ready = origin.destinations
      .flatMap(destination => {
        const { number } = destination
        const readyAt = this.#readyAt.has(number) ? this.#readyAt.get(number) : destination.readyAt
        return readyAt === undefined ? [] : [{ destination, readyAt }]
      })
      .sort((a, b) => a.readyAt - b.readyAt || a.destination.number - b.destination.number)
      .slice(0, slots)
      .map(({ destination }) => destination)
    const chosen = shareSlots(
      slots,
      ready,
      ({ takesOne }) => takesOne,
      (destination, share) => this.#take(destination, share).map(row => ({ row, destination, origin })),
    )
    for (const destination of ready) this.#readyAt.set(destination.number, this.#readyAfter(destination))
    return chosen
  }

  #take({ number, rows, hasMore, most }: ReadyDestination, slots: number): DueRow[] {
    this.asked.add(number)
    const from = this.#taken.get(number) ?? 0
    const share = Math.min(slots, most - from)
    if (hasMore && from + share > rows.length && this.#bytes > 0) this.wanted.set(number, from + share)
    const taken: DueRow[] = []
    for (const row of rows.slice(from, from + share)) {
      if (this.#bytes <= 0) break
      this.#bytes -= row.bytes
      taken.push(row)
    }
    this.#taken.set(number, from + taken.length)
    return taken
  }

  #readyAfter({ number, rows, hasMore, takesOne, most }: ReadyDestination): number | undefined {
    const taken = this.#taken.get(number) ?? 0
    if ((takesOne && taken > 0) || taken >= most) return undefined
    return taken < rows.length || hasMore ? this.#now : undefined
  }
}
