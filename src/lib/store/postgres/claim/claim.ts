import type { ClaimRequest, ClaimResult } from '../../../delivery/delivery-store.ts'
import { laneOf } from '../../rows/place-row.ts'
import type { Row } from '../../rows/row.ts'
import { optionalNumber, text } from '../../rows/row.ts'
import type { Asked } from '../connection/statement.ts'
import type { Transaction } from '../connection/transaction.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { noteClaim } from '../stats/last-claim.ts'
import { foldManyRows } from '../stats/tally-table.ts'
import { failPassed } from './fail-passed.ts'
import { lease } from './lease.ts'
import { look } from './look.ts'
import { giveTurns, pickOrigins } from './pick-origins.ts'
import { type KnownRows, readKnown } from './read-known.ts'
import { type RoomyOrigin, readyRows } from './ready-rows.ts'

/** So many are claimed at once: one transaction is to stay short. */
const mostAtOnce = 256

/**
 * The claim: origins lane by lane, their destinations, their oldest rows. Each step is one statement for all of them, so
 * that a claim costs the same number of statements however many there are; where only known origins are ready, the first
 * three are one.
 */
export async function claim(transaction: Transaction, given: ClaimRequest): Promise<ClaimResult> {
  const request = { ...given, limit: Math.min(given.limit, mostAtOnce) }
  const { now } = request
  noteClaim(transaction, now)
  foldManyRows(transaction)
  await renew(transaction, request)
  const seen = await look(transaction)
  transaction.seen = undefined
  const placed = seen.arrivals ? await placeArrivals(transaction, now) : undefined
  const failed = isOver(seen.passesAt, now) ? await failPassed(transaction, now) : []
  const { isPaused } = transaction.engine
  // What was placed or taken back may have made an origin of any lane ready.
  const mayBeNew = placed?.onlyKnown === false || isOver(seen.passesAt, now) || isOver(seen.newcomerAt, now)
  if (!isPaused && mayBeNew) await giveTurns(transaction, now)
  const onlyKnown = !(mayBeNew || seen.turns || isOver(seen.silentAt, now))
  const { origins, known } = isPaused ? nothing : await pick(transaction, request, onlyKnown)
  const { claimed, nextDue } = await claimAt(transaction, { origins, known, request })
  transaction.tally.move('scheduled', 'attempting', claimed.length)
  const nextDueInMs = await nextDueIn(transaction, request, { origins, claimed, nextDue })
  return { claimed, failed, nextDueInMs: placed?.hasMore ? atOnceMs : nextDueInMs }
}

/** 0 would say that an attempt has to end first. */
const atOnceMs = 1

const isOver = (time: number | undefined, now: number) => time !== undefined && time <= now

interface Picked {
  readonly origins: readonly Row[]
  readonly known?: KnownRows | undefined
}

const nothing: Picked = { origins: [] }

async function pick(transaction: Transaction, request: ClaimRequest, onlyKnown: boolean): Promise<Picked> {
  if (!onlyKnown) return { origins: await pickOrigins(transaction, request) }
  const known = await readKnown(transaction, request)
  return { origins: known.origins, known }
}

interface Claimed {
  readonly origins: readonly Row[]
  readonly claimed: readonly unknown[]
  /** What {@link nextDueIn} goes by. */
  readonly nextDue: number | undefined
}

/** When there may be something to claim again; at once where that takes an end of one of its own attempts. */
async function nextDueIn(
  transaction: Transaction,
  request: ClaimRequest,
  { origins, claimed, nextDue }: Claimed,
): Promise<number | undefined> {
  const { now, limit } = request
  if (nextDue === undefined) return undefined
  const isSoon = !transaction.engine.isPaused && nextDue <= now && claimed.length < limit
  const waitMs = isSoon && (await othersHaveSome(transaction, request, origins)) ? 1 + othersTakeMs * Math.random() : 0
  return Math.max(nextDue - now, waitMs)
}

/** So long at most until whoever is at work on an origin may have committed. */
const othersTakeMs = 20

/** Whether a known origin is ready that this claim had to leave, since somebody else is at work on it: then it is asked again soon. */
async function othersHaveSome(
  { query }: Transaction,
  { now, perOrigin, running }: ClaimRequest,
  picked: readonly Row[],
): Promise<boolean> {
  const full = [...running].filter(([, count]) => count >= perOrigin).map(([name]) => name)
  return (await query(ready, [now, full, picked.map(({ number }) => number)])).length > 0
}

const ready = `select 1 from ringback.origin where lane = 'known' and ready_at <= $1::bigint and turn is null
  and name <> all($2::text[]) and number <> all($3::bigint[]) limit 1`

async function claimAt(
  transaction: Transaction,
  { origins, known, request }: Picked & { readonly request: ClaimRequest },
) {
  const asking: Asked = { text: transaction.engine.isPaused ? nextPassed : next, values: [] }
  if (origins.length === 0) return { claimed: [], nextDue: nextDueAt(await transaction.query(asking.text)) }
  const ready = origins.map((row, number) => readyOrigin(row, number, request))
  const found = await readyRows(transaction, ready, request, known)
  const { claimed, last } = await lease(transaction, found, origins, { ...request, asking })
  // More is due where it has taken all it could, or nothing was asked.
  return { claimed, nextDue: last === undefined ? request.now : nextDueAt(last) }
}

function readyOrigin(row: Row, number: number, { perOrigin, running }: ClaimRequest): RoomyOrigin {
  const room = Math.max(perOrigin - (running.get(text(row.name)) ?? 0), 0)
  const takesOne = laneOf(row) !== 'known' || row.state !== 'closed'
  return { key: text(row.number), number, takesOne, room }
}

/** Lets the leases of attempts that go on last from now. */
async function renew({ query }: Transaction, { alive = [], now, leaseMarginMs }: ClaimRequest): Promise<void> {
  if (alive.length === 0) return
  const [ids, tokens] = [alive.map(({ id }) => id), alive.map(({ token }) => token)]
  await query(renewLeases, [now, leaseMarginMs, ids, tokens])
}

const renewLeases = `update ringback.queue q set leased_at = $1::bigint, due_at = $1::bigint + $2::bigint + d.timeout_ms
  from unnest($3::text[], $4::int[]) as j(id, token) join ringback.delivery d on d.id = j.id
  where q.number = d.number and q.token = j.token and q.leased_at is not null`

/** When there may be something to claim again, or to take back or fail; undefined where nothing waits. */
function nextDueAt([row]: readonly Row[]): number | undefined {
  return optionalNumber(row?.['at'])
}

const passes = `(select due_at as at from ringback.queue where leased_at is not null order by due_at limit 1)
  union all (select expires_at from ringback.queue where expires_at is not null and leased_at is null
    order by expires_at limit 1)`

const nextInLane = (lane: string) => `(select ready_at as at from ringback.origin
  where lane = '${lane}' and ready_at is not null and turn is null order by ready_at limit 1)`

const nextPassed = `select min(at) as at from (${passes}) passing`

const next = `select min(at) as at from (
  ${nextInLane('known')} union all ${nextInLane('silent')} union all ${nextInLane('new')}
  union all (select 0::bigint from ringback.origin where turn is not null limit 1)
  union all ${passes}) waiting`
