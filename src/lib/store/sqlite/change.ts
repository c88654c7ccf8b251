import type { EraseRequest, ReplayRequest, ReplayResult } from '../../delivery/delivery-store.ts'
import type { Row } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Attempts } from './end-attempts.ts'
import { conditionsOf } from './find/filter-conditions.ts'
import { stateTablesOf } from './find/state-tables.ts'
import type { Walk } from './find/walk.ts'
import type { Messages } from './messages.ts'
import type { Places } from './place.ts'
import type { Queue } from './queue.ts'
import { createRemovableRows } from './removal/removable-rows.ts'
import { hasMessage, isEnded, orderedOf, type Removal, rowColumns, rowTables, stateOf, waits } from './remove.ts'
import { createReplays, type ReplayRow } from './replays.ts'
import type { SendAgain } from './send-again.ts'
import type { Settle } from './settle.ts'

/** What is needed for an operator's changes. */
export interface ChangeParts {
  readonly places: Places
  readonly messages: Messages
  readonly queue: Queue
  readonly counts: Counts
  readonly attempts: Attempts
  readonly settle: Settle
  readonly removal: Removal
  readonly walk: Walk
  readonly sendAgain: SendAgain
}

/** What an operator does to deliveries: sends them again, cancels them, erases them. */
export function createChange(database: Connection, parts: ChangeParts) {
  const { queue, attempts, settle, removal, sendAgain } = parts
  const one = database.prepare(`select ${rowColumns} from ${rowTables} where d.id = ?`)
  const removable = createRemovableRows(database)
  const sendCopy = createSendCopy(database, parts)
  const isHeld = database.prepare('select 1 from ringback_held where delivery = ?')
  const isDisabled = database.prepare(
    `select 1 from ringback_delivery d join ringback_endpoint e on e.number = d.endpoint
     where d.number = ? and (e.disabled_reason is not null or e.deleted_at is not null)`,
  )
  const replayRow: ReplayRow = (row, newId, now) => {
    if (!isEnded(row)) return 'not-settled'
    if (!hasMessage(row)) return 'bytes-purged'
    if (isDisabled.get(Number(row.number)) !== undefined) return 'endpoint-disabled'
    if (newId === undefined) sendAgain(row, now)
    else sendCopy(row, newId, now)
    return 'replayed'
  }
  return {
    ...createReplays(database, parts.walk, replayRow),
    replay({ id, newId, now }: ReplayRequest): ReplayResult {
      const row = one.get(id)
      return row === undefined ? 'missing' : replayRow(row, newId, now)
    },
    sendNow({ id, now }: { readonly id: string; readonly now: number }): boolean {
      const row = one.get(id)
      if (row?.['state'] !== 'scheduled' || isEnded(row) || isHeld.get(Number(row.number)) !== undefined) return false
      queue.schedule(orderedOf(row), {}, now)
      return true
    },
    cancel({ id, now }: { readonly id: string; readonly now: number }): boolean {
      const row = one.get(id)
      if (row === undefined || isEnded(row)) return false
      const delivery = orderedOf(row)
      attempts.abandon(delivery.number, now)
      settle(delivery, { from: stateOf(row), state: 'cancelled' }, now)
      if (waits(row)) removal.forget(delivery, now)
      return true
    },
    erase({ now, limit, ...filter }: EraseRequest): number {
      const { where, values } = conditionsOf(filter)
      const matching = stateTablesOf(filter).flatMap(({ tables, where: ofState }) =>
        database
          .prepare(`select ${rowColumns} from ${tables} where true${ofState}${where} limit ?`)
          .all(...values, limit),
      )
      const rows = removable(matching.slice(0, limit))
      for (const row of rows) removal.remove(row, now)
      return rows.length
    },
  }
}

/** Sends the same message as another delivery. */
function createSendCopy(database: Connection, { places, messages, queue, counts }: ChangeParts) {
  const copy = database.prepare(
    `insert into ringback_delivery (id, message, destination, operation, callback, method, url, timeout_ms, ordering_key,
       destination_hash, created_at, endpoint, webhook_message)
     select ?, message, destination, operation, callback, method, url, timeout_ms, ordering_key,
       iif(destination_hash = '', substr(id, -16), destination_hash), ?, endpoint, webhook_message
     from ringback_delivery where number = ?
     returning number, (select length(content) from ringback_message m where m.number = message) as bytes`,
  )
  return (row: Row, newId: string, now: number) => {
    const { number, bytes } = copy.get(newId, now, Number(row.number)) ?? {}
    messages.share(Number(row.message))
    places.countUp(Number(row.destination))
    const queued = { number: Number(number), bytes: Number(bytes), token: 0, attemptCount: 0 }
    queue.add({ ...orderedOf(row), ...queued }, {}, now)
    counts.change('scheduled', 1)
  }
}
