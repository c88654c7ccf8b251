/** What a claim tells of the earlier attempts of a delivery in the queue row `q`; no more than so many are looked at. */
const looksAt = 50
/** Counting further makes no difference. */
const mostAbandoned = 10

const lastOnes = (columns: string, limit: number) =>
  `(select number, ${columns} from ringback_attempt where delivery = q.number order by number desc limit ${limit})`

/** The status of the last response that came. */
export const lastStatusColumn = `iif(q.attempt_count = 1, null, (
  select status from ${lastOnes('status', looksAt)} where status is not null order by number desc limit 1))`

/** How many attempts in a row were abandoned before this one. */
export const abandonedColumn = `iif(q.attempt_count = 1, 0, (
  select count(*) from (
    select sum(outcome <> 'abandoned') over (order by number desc) as others from ${lastOnes('outcome', mostAbandoned)}
  ) where others = 0))`
