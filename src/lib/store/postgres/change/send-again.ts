import type { Row } from '../../rows/row.ts'
import { text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import type { Transaction } from '../connection/transaction.ts'
import { schedule } from '../queue/schedule.ts'
import { stateOf } from './remove.ts'

/** Sends a settled delivery again under its own id: its tokens and attempts go on from where they were. */
export async function sendAgain(transaction: Transaction, row: Row, now: number): Promise<void> {
  await transaction.query(unsettle, [row.number, now])
  await transaction.query('delete from ringback.held where delivery = $1::bigint', [row.number])
  await schedule(transaction, [{ number: text(row.number), due: {} }], now)
  transaction.tally.move(stateOf(row), 'scheduled')
}

/** Sends the same message as another delivery. */
export async function sendCopy(
  transaction: Transaction,
  row: Row,
  { newId, now }: { readonly newId: string; readonly now: number },
): Promise<void> {
  const [made] = await transaction.query(copy, [newId, now, row.number])
  await schedule(transaction, [{ number: text(made?.number), due: {} }], now)
  transaction.tally.change('scheduled', 1)
}

/** Into the queue, and behind what else has its key until it is scheduled. */
const queueColumns = 'number, destination, due_at, wanted_at, behind, ordering_key, bytes, token, attempt_count, epoch'

/** What begins to wait anew counts as such. */
const epoch = 'coalesce((select epoch from ringback.destination where number = d.destination), 0)'

const unsettle = `with gone as (
    delete from ringback.settled where delivery = $1::bigint returning delivery, token, attempt_count
  )
  insert into ringback.queue (${queueColumns})
  select d.number, d.destination, $2::bigint, $2::bigint, 1, d.ordering_key, length(m.content), g.token, g.attempt_count, ${epoch}
  from gone g join ringback.delivery d on d.number = g.delivery join ringback.message m on m.number = d.message`

const copy = `with made as (
    insert into ringback.delivery (number, id, message, destination, destination_url, recipient, operation, callback,
      method, url, timeout_ms, ordering_key, destination_hash, created_at, endpoint, webhook_message)
    select ${timeNumber} << 12, $1::text, message, destination, destination_url, recipient, operation, callback, method, url,
      timeout_ms, ordering_key, case when endpoint is not null and destination_hash = '' then right(id, 16) else destination_hash
      end, $2::bigint, endpoint, webhook_message
    from ringback.delivery where number = $3::bigint
    returning number, message, destination, ordering_key
  ), shared as (
    update ringback.message m set deliveries = m.deliveries + 1 from made where m.number = made.message
    returning m.number, length(m.content) as bytes
  )
  insert into ringback.queue (${queueColumns})
  select d.number, d.destination, $2::bigint, $2::bigint, 1, d.ordering_key, shared.bytes, 0, 0, ${epoch}
  from made d join shared on shared.number = d.message returning number`
