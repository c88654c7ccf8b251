import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import type { Row } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'

/**
 * Which origins a claim serves, and in which order: some strangers, the known, the other strangers. They are locked; those
 * that somebody else is at work on are left to him. Of each lane no more are read than there are slots for.
 */
export async function pickOrigins({ query }: Transaction, request: ClaimRequest): Promise<readonly Row[]> {
  const { now, limit, perOrigin, running, lanes } = request
  const full = [...running].filter(([, count]) => count >= perOrigin).map(([name]) => name)
  const most = [lanes.newOfAnyGroup, lanes.new, lanes.strangers, limit].map(each => Math.min(each, limit))
  const rows = await query(pick, [now, full, ...most])
  const lane = (name: string) => rows.filter(({ picked }) => picked === name)
  const fresh = new Map([...lane('any group'), ...lane('few')].map(origin => [origin.number, origin]))
  const strangers = [...fresh.values().take(lanes.new), ...lane('silent')].slice(0, lanes.strangers)
  const known = lane('known')
  return [...strangers.slice(0, lanes.first), ...known, ...strangers.slice(lanes.first)].slice(0, limit)
}

/** Gives new origins that became ready their turns. */
export async function giveTurns({ query }: Transaction, now: number): Promise<void> {
  await query(give, [now])
}

/** The last turn of each group is looked up once, before any is given: later it would have to be found behind all of these. */
const give = `update ringback.origin o set turn = given.turn from (
    select number, rank - 1 + max(first) over (partition by group_name) as turn from (
      select number, group_name, rank, case when rank = 1 then coalesce(
        (select max(g.turn) + 1 from ringback.origin g where g.lane = 'new' and g.group_name = w.group_name),
        (select min(turn) from ringback.origin where turn is not null), 0) end as first
      from (select number, group_name, row_number() over (partition by group_name order by entered) as rank
        from (select * from ringback.origin
          where lane = 'new' and turn is null and ready_at <= $1::bigint for update skip locked) l) w) f
  ) given where o.number = given.number`

const columns = 'number, entered, name, ready_at, lane, state, turn'

const pick = `
  select *, 'any group' as picked from (select ${columns} from ringback.origin where turn is not null
    order by turn, entered desc limit $3::int for update skip locked) a
  union all select *, 'few' from (select ${columns} from ringback.origin where turn is not null and of_few = 1
    order by turn, entered desc limit $4::int for update skip locked) f
  union all select *, 'silent' from (select ${columns} from ringback.origin
    where lane = 'silent' and ready_at <= $1::bigint and turn is null
    order by ready_at, entered limit $5::int for update skip locked) s
  union all select *, 'known' from (select ${columns} from ringback.origin
    where lane = 'known' and ready_at <= $1::bigint and turn is null and name <> all($2::text[])
    order by ready_at, entered limit $6::int for update skip locked) k`
