import { createHash, randomUUID } from 'node:crypto'
import type { AddRequest } from '../../../delivery/delivery-store.ts'
import type { QueuedOperation } from '../../queue/queued-operation.ts'
import type { Asked } from '../connection/statement.ts'
import type { Transaction } from '../connection/transaction.ts'

/**
 * How whoever adds tells a worker that waits: by a notification, and only while a worker says by a lock that it waits. A
 * commit with a notification waits for all others that have one, so while workers have enough to do there is none.
 */
export class WakeSignal {
  readonly channel: string
  /** The advisory lock that the worker holds. */
  readonly lock: string
  /** What this process says: its own worker knows already. */
  readonly own = randomUUID()

  constructor(schema: string) {
    const hash = createHash('sha256').update(`ringback waits ${schema}`).digest()
    this.channel = `ringback_${hash.toString('hex', 8, 16)}`
    this.lock = hash.readBigInt64BE().toString()
  }

  /** Tells a worker that waits, when the transaction is committed. `from` is who says so. */
  async tell({ query }: Pick<Transaction, 'query'>, from: string): Promise<void> {
    const { text, values } = this.telling(from)
    await query(text, values)
  }

  /** What does so. */
  telling(from: string): Asked {
    return { text: tellWaiting, values: [this.lock, this.channel, from] }
  }
}

/** The lock is had for an instant, where nobody waits: it belongs to the session and is given back in the same statement. */
const tellWaiting = `select case when pg_try_advisory_lock_shared($1::bigint)
  then pg_advisory_unlock_shared($1::bigint)::text else pg_notify($2::text, $3::text)::text end as told`

const makingDue = new Set<QueuedOperation['name']>([
  'add',
  'makeDue',
  'replay',
  'continueReplays',
  'continueFanouts',
  'changeEndpoint',
  'sendNow',
  'changeDestinations',
  'pauseSending',
])

/** Whether something may be due after an operation that was not before. */
export function makesDue({ name, request }: QueuedOperation): boolean {
  // The queue pairs each name with the request that belongs to it.
  if (name === 'add') return (request as AddRequest).heldUntil === undefined
  return makingDue.has(name)
}
