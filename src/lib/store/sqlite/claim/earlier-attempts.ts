/**
 * What a claim reads about the earlier attempts of the delivery in queue row `q`. It looks at no more than this many.
 */
const looksAt = 50
/** Beyond this number the count makes no difference. */
const mostAbandoned = 10

const lastOnes = (columns: string, limit: number) =>
  `(select number, ${columns} from ringback_attempt where delivery = q.number order by number desc limit ${limit})`

/** The status of the last response. */
export const lastStatusColumn = `iif(q.attempt_count = 1, null, (
  select status from ${lastOnes('status', looksAt)} where status is not null order by number desc limit 1))`

/** How many attempts in a row before this one were abandoned. */
export const abandonedColumn = `iif(q.attempt_count = 1, 0, (
  select count(*) from (
    select sum(outcome <> 'abandoned') over (order by number desc) as others from ${lastOnes('outcome', mostAbandoned)}
  ) where others = 0))`
