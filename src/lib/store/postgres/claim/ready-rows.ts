import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import { startsAtOnce } from '../../../delivery/isolation/start-rate.ts'
import {
  type ChosenRows,
  chooseRows,
  type DueRow,
  type ReadyDestination,
  type ReadyOrigin,
} from '../../claim/choose-rows.ts'
import { firstShare } from '../../claim/first-share.ts'
import { optionalNumber, type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import type { KnownRows, ReadRow } from './read-known.ts'

/** A destination as a claim knows it; its number is its place among those that were read. */
export interface DestinationRow extends Omit<ReadyDestination, 'rows' | 'hasMore'> {
  readonly key: string
  readonly origin: string
  readonly url: string
  readonly recipient: string | undefined
  /** Whose secret signs. */
  readonly signer: string
  /** Undefined where any number may start. */
  readonly ratePerSecond: number | undefined
}

/** An origin as a claim knows it; its number is its place among those that were picked. */
export interface RoomyOrigin extends Omit<ReadyOrigin, 'destinations'> {
  readonly key: string
}

/** What a claim found and chose. */
export interface FoundRows {
  readonly chosen: ChosenRows
  readonly destinations: readonly DestinationRow[]
  /** The keys of queue rows, by their numbers in what was chosen. */
  readonly keys: readonly string[]
  /** The destinations, by their numbers, where rows that are due were read and left. */
  readonly left: ReadonlySet<number>
}

type FoundRow = Pick<ReadyDestination, 'rows' | 'hasMore'>

/** So often more rows are read where some places leave slots to others; then what is left waits for the next claim. */
const readsMore = 3

/** Reads destinations and their rows, no more of them than are probably needed, and chooses among them. */
export async function readyRows(
  transaction: Transaction,
  origins: readonly RoomyOrigin[],
  request: ClaimRequest,
  known?: KnownRows,
): Promise<FoundRows> {
  const most = Math.min(Math.max(...origins.map(({ room }) => room)), request.limit)
  // Of each origin its share of the slots, and one more where the shares do not come out even.
  const share = Math.min(Math.ceil(request.limit / origins.length) + 1, most)
  const found = await readAmong(transaction, origins, { ...request, most, ofOrigin: known?.ofOrigin ?? share, known })
  if (!found.chosen.wantsDestinations) return found
  return readAmong(transaction, origins, { ...request, most, ofOrigin: most, known: undefined })
}

/** A claim, and how many destinations of an origin are read, and rows at most. */
interface ReadRequest extends ClaimRequest {
  readonly ofOrigin: number
  readonly most: number
  /** What was read with the origins. */
  readonly known: KnownRows | undefined
}

async function readAmong(
  transaction: Transaction,
  origins: readonly RoomyOrigin[],
  request: ReadRequest,
): Promise<FoundRows> {
  const { now, limit, limitBytes, most, known } = request
  const rows = known?.destinations ?? (await readDestinations(transaction, origins, request))
  const destinations = rows.map((row, number) => destinationOf(row, number, request))
  const reader = new RowReader(transaction, destinations, now)
  if (known !== undefined) reader.take([...destinations.keys()], known.ofDestination, known.due)
  // One more than is taken tells whether something is left.
  else await reader.read([...destinations.keys()], firstShare(origins.length, destinations.length, { most, limit }) + 1)
  const choose = () => chooseRows(reader.withRows(origins, request), { slots: limit, bytes: limitBytes, now })
  let chosen = choose()
  for (let reads = 1; reads <= readsMore && chosen.wanted.size > 0 && !chosen.wantsDestinations; reads++) {
    const wanted = reads === readsMore ? most : Math.max(...chosen.wanted.values())
    await reader.read([...chosen.wanted.keys()], wanted)
    chosen = choose()
  }
  return { chosen, destinations, keys: reader.keys, left: reader.leftBy(chosen) }
}

/** Reads due rows of destinations, and gives each a number of its own, as their keys are larger than safe integers. */
class RowReader {
  readonly keys: string[] = []
  readonly #transaction: Transaction
  readonly #destinations: readonly DestinationRow[]
  readonly #now: number
  readonly #found = new Map<number, FoundRow>()

  constructor(transaction: Transaction, destinations: readonly DestinationRow[], now: number) {
    this.#transaction = transaction
    this.#destinations = destinations
    this.#now = now
  }

  async read(numbers: readonly number[], limit: number): Promise<void> {
    if (numbers.length === 0) return
    const keys = numbers.map(number => this.#destinations[number]!.key)
    const found = numbers.map(() => [] as ReadRow[])
    for (const row of await this.#transaction.query(dueRows, [this.#now, keys, limit]))
      found[Number(row.ord) - 1]!.push({ key: text(row.number), bytes: Number(row.bytes) })
    this.take(numbers, limit, found)
  }

  /** Notes what was read of destinations, of each no more than the limit. */
  take(numbers: readonly number[], limit: number, found: readonly (readonly ReadRow[])[]): void {
    for (const [index, number] of numbers.entries()) {
      const rows = found[index]!.map(({ key, bytes }): DueRow => ({ number: this.keys.push(key) - 1, bytes }))
      this.#found.set(number, { rows, hasMore: rows.length === limit })
    }
  }

  leftBy({ asked, rows }: ChosenRows): ReadonlySet<number> {
    const taken = Map.groupBy(rows, ({ destination }) => destination.number)
    const read = (number: number) => this.#found.get(number)?.rows.length ?? 0
    return new Set([...asked].filter(number => read(number) > (taken.get(number)?.length ?? 0)))
  }

  withRows(origins: readonly RoomyOrigin[], { ofOrigin, most }: ReadRequest): ReadyOrigin[] {
    const byOrigin = Map.groupBy(this.#destinations, ({ origin }) => origin)
    return origins.map(origin => {
      const destinations = byOrigin.get(origin.key) ?? []
      return {
        ...origin,
        hasMore: ofOrigin < most && destinations.length === ofOrigin,
        destinations: destinations.map(destination => ({
          ...destination,
          ...(this.#found.get(destination.number) ?? { rows: [], hasMore: false }),
        })),
      }
    })
  }
}

const dueRows = `select j.ord, q.number, q.bytes
  from unnest($2::bigint[]) with ordinality as j(destination, ord) cross join lateral (
    select number, bytes, due_at from ringback.queue
    where destination = j.destination and leased_at is null and behind = 0 and due_at <= $1::bigint
      and (expires_at is null or expires_at > $1::bigint)
    order by due_at, number limit $3::int) q
  order by j.ord, q.due_at, q.number`

/** Those that somebody else is at work on are left to him. */
function readDestinations(
  { query }: Transaction,
  origins: readonly RoomyOrigin[],
  { now, ofOrigin }: ReadRequest,
): Promise<readonly Row[]> {
  return query(ready, [now, origins.map(({ key }) => key), ofOrigin])
}

function destinationOf(row: Row, number: number, { ratePerSecond: usual }: ReadRequest): DestinationRow {
  const recipient = text(row.recipient) || undefined
  const url = text(row.url)
  const ratePerSecond = optionalNumber(row.rate) ?? usual
  return {
    ...{ number, key: text(row.number), origin: text(row.origin), readyAt: Number(row.ready_at), url, recipient },
    takesOne: row.state !== 'closed',
    most: ratePerSecond === undefined ? Number.POSITIVE_INFINITY : startsAtOnce(ratePerSecond),
    ratePerSecond,
    signer: recipient ?? url,
  }
}

const ready = `select d.* from unnest($2::bigint[]) as j(origin) cross join lateral (
    select number, entered, origin, url, recipient, ready_at, state, rate from ringback.destination
    where origin = j.origin and ready_at <= $1::bigint order by ready_at, entered limit $3::int for update skip locked
  ) d order by d.entered`
