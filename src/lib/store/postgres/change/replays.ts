import type {
  ContinueReplaysRequest,
  ReplayResult,
  StartReplayRequest,
  StoredReplay,
} from '../../../delivery/delivery-store.ts'
import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { text } from '../../rows/row.ts'
import { storedReplay } from '../../rows/stored-replay-row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import type { Transaction } from '../connection/transaction.ts'
import { walk } from '../find/walk.ts'
import { placeArrivals } from '../places/place-arrivals.ts'
import { replayRow } from './change.ts'
import { lockRowsByNumber } from './locked-rows.ts'

/** Replays of whatever matches a filter, a piece at a time. */
export async function startReplay(
  { query }: Transaction,
  { id, filter, newId, now }: StartReplayRequest,
): Promise<void> {
  await query(start, [id, JSON.stringify(filter), Number(newId), now])
}

const start = `insert into ringback.replay (id, entered, filter, new_id, position, last, started_at)
  values ($1::text, ${timeNumber}, $2::text, $3::int, 0, coalesce((select max(number) from ringback.delivery), 0), $4::bigint)`

export async function getReplay({ query }: Transaction, id: string): Promise<StoredReplay | undefined> {
  const [row] = await query('select * from ringback.replay where id = $1::text', [id])
  return row && storedReplay(row)
}

export async function continueReplays(
  transaction: Transaction,
  { now, newIds }: ContinueReplaysRequest,
): Promise<StoredReplay | undefined> {
  const [replay] = await transaction.query(first)
  if (replay === undefined) return undefined
  await placeArrivals(transaction, now)
  const last = BigInt(text(replay.last))
  const step = { after: text(replay.position), order: 'asc', limit: newIds.length } as const
  const walked = await walk(transaction, JSON.parse(text(replay.filter)) as StoreFilter, step)
  const next = BigInt(walked.next ?? last)
  const numbers = walked.rows.map(({ number }) => text(number)).filter(number => BigInt(number) <= last)
  const results: ReplayResult[] = []
  for (const row of await lockRowsByNumber(transaction, numbers))
    results.push(
      await replayRow(transaction, row, { newId: replay.new_id === 1 ? newIds[results.length] : undefined, now }),
    )
  const count = (result: ReplayResult) => results.filter(each => each === result).length
  const ended = [next, count('replayed'), count('bytes-purged'), next >= last ? now : null, replay.id]
  const [after] = await transaction.query(goOn, ended)
  return after && storedReplay(after)
}

/** One that another worker goes on with is left to him. */
const first = `select * from ringback.replay where finished_at is null order by started_at, entered
  limit 1 for update skip locked`

const goOn = `update ringback.replay set position = $1::bigint, replayed = replayed + $2::int,
    without_bytes = without_bytes + $3::int, finished_at = $4::bigint
  where id = $5::text returning *`
