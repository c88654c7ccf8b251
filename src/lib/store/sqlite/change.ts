import { type DeliveryState, isSettled } from '../../delivery/delivery-state.ts'
import type { EraseRequest, ReplayRequest, ReplayResult } from '../../delivery/delivery-store.ts'
import type { Connection } from './connection.ts'
import type { Places } from './place.ts'
import { whereOf } from './read.ts'
import { orderedOf, type Removal, waits } from './remove.ts'
import type { Schedule } from './schedule.ts'
import type { Settling } from './settle.ts'
import { type Row, text } from './values.ts'

/** What an operator does to deliveries: send again, cancel, erase. */
export function createChange(
  database: Connection,
  places: Places,
  schedule: Schedule,
  settling: Settling,
  removal: Removal,
) {
  const statements = prepareStatements(database)
  return {
    replay({ id, newId, now }: ReplayRequest): ReplayResult {
      const row = statements.one.get(id)
      if (row === undefined) return 'missing'
      if (!isSettled(stateOf(row))) return 'not-settled'
      if (row.kept !== 'all') return 'bytes-purged'
      if (newId === undefined) {
        statements.again.run(Number(row.number))
        schedule.schedule(orderedOf(row), now, now)
        return 'replayed'
      }
      const { lastInsertRowid } = statements.copy.run(newId, now, now, Number(row.number))
      statements.copyJob.run(lastInsertRowid, Number(row.number))
      const copy = { ...orderedOf(row), number: Number(lastInsertRowid) }
      places.countUp(copy.destination)
      schedule.schedule(copy, now, now)
      return 'replayed'
    },
    cancel({ id, now }: { readonly id: string; readonly now: number }): boolean {
      const row = statements.one.get(id)
      if (row === undefined || isSettled(stateOf(row))) return false
      const delivery = orderedOf(row)
      settling.abandonAttempt(delivery.number, now)
      statements.noLease.run(delivery.number)
      settling.finish(delivery, 'cancelled', now)
      if (waits(row)) removal.forget(delivery, now)
      return true
    },
    erase({ now, limit, ...filter }: EraseRequest): number {
      const { where, values } = whereOf(filter)
      const rows = database
        .prepare(
          `select d.number, d.destination, d.ordering_key, d.state, d.behind
           from ringback_delivery d join ringback_destination p on p.number = d.destination where true${where} limit ?`,
        )
        .all(...values, limit)
      for (const row of rows) removal.remove(row, now)
      return rows.length
    },
  }
}

function prepareStatements(database: Connection) {
  return {
    one: database.prepare(
      'select number, destination, ordering_key, state, behind, kept from ringback_delivery where id = ?',
    ),
    again: database.prepare(
      `update ringback_delivery set retries_used = 0, deaths = 0, response_valid = null, response_due_at = null,
         settled_at = null, holders = 0 where number = ?`,
    ),
    copy: database.prepare(
      `insert into ringback_delivery (id, destination, operation, callback, method, url, ordering_key, destination_hash,
         created_at, state, due_at, behind)
       select ?, destination, operation, callback, method, url, ordering_key, destination_hash, ?, 'scheduled', ?, 1
       from ringback_delivery where number = ?`,
    ),
    copyJob: database.prepare(
      `insert into ringback_job select ?, headers, body, responses, retry_delays_seconds, timeout_ms,
         retry_on_invalid_response, has_on_response, trace_parent from ringback_job where delivery = ?`,
    ),
    noLease: database.prepare('update ringback_delivery set lease_until = null where number = ?'),
  }
}

function stateOf(row: Row): DeliveryState {
  return text(row.state) as DeliveryState
}
