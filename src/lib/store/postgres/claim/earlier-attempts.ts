/** What a claim tells of the earlier attempts of a leased row `l`; no more than so many are looked at. */
const looksAt = 50
/** Counting further makes no difference. */
const mostAbandoned = 10

const lastOnes = (columns: string, limit: number) =>
  `(select number, ${columns} from ringback.attempt where delivery = l.number order by number desc limit ${limit}) last`

/** The status of the last response that came. */
export const lastStatusColumn = `case when l.attempt_count > 1 then (
  select status from ${lastOnes('status', looksAt)} where status is not null order by number desc limit 1) end`

/** How many attempts in a row were abandoned before this one. */
export const abandonedColumn = `case when l.attempt_count > 1 then (
  select count(*)::int from (
    select sum((outcome <> 'abandoned')::int) over (order by number desc) as others
    from ${lastOnes('outcome', mostAbandoned)}) counted
  where others = 0) else 0 end`
