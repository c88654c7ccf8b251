import { matchedMessage } from '../../endpoints/endpoint-rows.ts'
import { type Row, text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import type { Transaction } from '../connection/transaction.ts'
import { insertEndpointDeliveries } from './insert-endpoint-deliveries.ts'
import { candidateColumns, chooseEndpoints, lookedAtForOne } from './matched-rows.ts'
import { recoverSome } from './recover-some.ts'

/**
 * Makes a piece of what is still to be made: what it made and where it goes on are one commit, and its row is locked, so that
 * no worker does what another one does, and none that dies leaves half of it.
 */
export async function continueFanouts(
  transaction: Transaction,
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<number | undefined> {
  const [fanout] = await transaction.query(next, [now])
  if (fanout === undefined) return undefined
  return fanout.endpoint === null
    ? expand(transaction, fanout, { limit, now })
    : recoverSome(transaction, fanout, { limit, now })
}

/** One with an ordering key waits for the one before it, of its owner or of everyone. */
const next = `select f.* from ringback.fanout f where due_at <= $1::bigint and (f.ordering_key is null or not exists (
    select 1 from ringback.fanout b where b.ordering_key = f.ordering_key and b.number < f.number
      and (b.owner = f.owner or b.owner = '' or f.owner = '')))
  order by due_at, turn, number limit 1 for update of f skip locked`

async function expand(
  transaction: Transaction,
  fanout: Row,
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<number> {
  const { query } = transaction
  const [message = {}] = await query('select * from ringback.webhook_message where number = $1::bigint', [
    fanout.webhook_message,
  ])
  const targets = matchedMessage(message)
  const last = fanout.after_number
  const place = [last, limit * lookedAtForOne]
  const rows = targets.owner === '' ? await query(ofAll, place) : await query(ofOwner, [...place, targets.owner])
  const sentAt = Number(message.created_at)
  const { chosen, after } = chooseEndpoints({ rows, message: targets, sentAt, after: text(last), limit })
  const made = await insertEndpointDeliveries(
    transaction,
    chosen.map(endpoint => ({ message, endpoint })),
    now,
  )
  if (after === undefined) await query('delete from ringback.fanout where number = $1::bigint', [fanout.number])
  else await query(moveOn, [fanout.number, after, now])
  return made
}

const candidates = (owner: string) => `select ${candidateColumns}
  from ringback.endpoint e
  where ${owner}e.deleted_at is null and e.number > $1::bigint
  order by e.number limit $2::int`

const ofAll = candidates('')
const ofOwner = candidates('e.owner = $3::text and ')

/** What was held no longer is: a part of it may be on its way. */
const moveOn = `update ringback.fanout set after_number = $2::bigint, due_at = $3::bigint, turn = ${timeNumber}, holders = 0
  where number = $1::bigint`
