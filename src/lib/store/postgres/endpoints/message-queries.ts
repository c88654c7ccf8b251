import type { DeliveryState } from '../../../delivery/delivery-state.ts'
import type {
  MessageQuery,
  OfOwnerRequest,
  StoredMessage,
  StoredMessagePage,
} from '../../../delivery/endpoints/endpoint-store.ts'
import { stateCounts, storedMessage } from '../../endpoints/message-rows.ts'
import { optionalBytes, type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { shownState } from '../find/delivery-columns.ts'
import { greatest, numberIn } from '../find/read.ts'

/** So many deliveries are counted for one page at most. */
const countedAtOnce = 20_000
/** So many messages are looked at for a page. */
const lookedAt = 5_000

export async function findMessage(transaction: Transaction, { id, owner }: OfOwnerRequest) {
  const [row] = await transaction.query(one, [id, owner])
  if (row === undefined) return undefined
  const deliveries = await countDeliveries(transaction, row, owner)
  return { ...storedMessage(row, deliveries), content: optionalBytes(row.content) }
}

const one = `select w.*, m.content, f.number as fanout from ringback.webhook_message w
  left join ringback.message m on m.number = w.message left join ringback.fanout f on f.webhook_message = w.number
  where w.id = $1::text and ($2::text = '' or w.owner in ('', $2::text))`

/** Counts what one owner has of a message to everyone by the ids that it must have; else all of the message. */
async function countDeliveries(
  { query }: Transaction,
  message: Row,
  owner: string,
): Promise<Record<DeliveryState, number>> {
  const hasAll = owner === '' || owner === message.owner
  const rows = hasAll ? await query(countAll, [message.number]) : await query(countOfOwner, [message.id, owner])
  return stateCounts(rows)
}

const countFrom = (deliveries: string) => `select ${shownState} as state, count(*) as deliveries
  from (${deliveries}) d left join ringback.queue q on q.number = d.number
  left join ringback.settled s on s.delivery = d.number group by 1`

const countAll =
  countFrom(`select number, endpoint, destination from ringback.delivery where webhook_message = $1::bigint
  limit ${countedAtOnce}`)

const countOfOwner = countFrom(`select x.number, x.endpoint, x.destination
  from (select tag from ringback.endpoint where owner = $2::text order by number desc limit ${countedAtOnce}) e
  join ringback.delivery x on x.id = $1::text || '_' || e.tag`)

export async function listMessages(
  transaction: Transaction,
  { owner, events, since, until, cursor, limit }: MessageQuery,
): Promise<StoredMessagePage> {
  const { query } = transaction
  const before = cursor === undefined ? greatest : numberIn(cursor)
  const [end] = await query(lowest, [before])
  const wanted = [owner, events ?? null, since ?? null, until ?? null]
  const rows = await query(page, [before, end?.['number'] ?? before, ...wanted, limit + 1])
  const items: StoredMessage[] = []
  let counted = 0
  for (const row of rows.slice(0, limit)) {
    if (counted >= countedAtOnce) break
    const deliveries = await countDeliveries(transaction, row, owner)
    counted += Object.values(deliveries).reduce((sum, count) => sum + count, 0)
    items.push(storedMessage(row, deliveries))
  }
  const next =
    items.length < rows.length
      ? rows[items.length - 1]?.['number']
      : Number(end?.['rows']) === lookedAt
        ? end?.['number']
        : undefined
  return { items, nextCursor: next === undefined ? undefined : text(next) }
}

const lowest = `select min(number) as number, count(*) as rows from (
  select number from ringback.webhook_message where number < $1::bigint order by number desc limit ${lookedAt}) x`

const page = `select w.*, f.number as fanout from ringback.webhook_message w
  left join ringback.fanout f on f.webhook_message = w.number
  where w.number < $1::bigint and w.number >= $2::bigint and ($3::text = '' or w.owner in ('', $3::text))
    and ($4::text[] is null or w.event = any($4::text[])) and ($5::bigint is null or w.created_at >= $5::bigint)
    and ($6::bigint is null or w.created_at < $6::bigint)
  order by w.number desc limit $7::int`
