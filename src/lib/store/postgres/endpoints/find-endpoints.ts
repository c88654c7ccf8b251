import type {
  EndpointQuery,
  OfOwnerRequest,
  StoredEndpoint,
  StoredEndpointPage,
} from '../../../delivery/endpoints/endpoint-store.ts'
import { storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import { text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { greatest, numberIn } from '../find/read.ts'

export async function findEndpoint(
  { query }: Transaction,
  { id, owner }: OfOwnerRequest,
): Promise<StoredEndpoint | undefined> {
  const [row] = await query(one, [id, owner])
  return row && storedEndpoint(row)
}

const one = `select * from ringback.endpoint
  where id = $1::text and deleted_at is null and ($2::text = '' or owner = $2::text)`

/** So many endpoints are looked at for a page. */
const lookedAt = 5_000

export async function listEndpoints(
  { query }: Transaction,
  { owner, status, event, failing, cursor, limit }: EndpointQuery,
): Promise<StoredEndpointPage> {
  const before = cursor === undefined ? greatest : numberIn(cursor)
  const of = owner === '' ? { by: '', values: [] } : { by: 'owner = $2::text and ', values: [owner] }
  const [end] = await query(lowest(of.by), [before, ...of.values])
  const isDisabled = status === undefined ? null : status === 'disabled'
  const word = event === undefined ? null : ` ${event} `
  const rows = await query(page, [
    before,
    end?.['number'] ?? before,
    owner,
    isDisabled,
    word,
    failing ?? null,
    limit + 1,
  ])
  const items = rows.slice(0, limit)
  const next =
    rows.length > limit ? items.at(-1)?.['number'] : Number(end?.['rows']) === lookedAt ? end?.['number'] : undefined
  return { items: items.map(storedEndpoint), nextCursor: next === undefined ? undefined : text(next) }
}

const lowest = (by: string) => `select min(number) as number, count(*) as rows from (
  select number from ringback.endpoint where ${by}deleted_at is null and number < $1::bigint
  order by number desc limit ${lookedAt}) x`

const page = `select * from ringback.endpoint
  where number < $1::bigint and number >= $2::bigint and deleted_at is null and ($3::text = '' or owner = $3::text)
    and ($4::boolean is null or (disabled_reason is not null) = $4::boolean)
    and ($5::text is null or strpos(events, $5::text) > 0 or strpos(events, ' * ') > 0)
    and ($6::boolean is null or (failing_since is not null) = $6::boolean)
  order by number desc limit $7::int`
