import type { NewRecovery, StoredRecovery } from '../../../delivery/endpoints/endpoint-store.ts'
import type { Connection } from '../connection.ts'

/** The recoveries that endpoints have: one at a time, and the last one stays readable. */
export interface Recoveries {
  begin(endpoint: number, recovery: NewRecovery, now: number): void
  /** Ends one that is running; does nothing if none is. */
  end(endpoint: number, state: Exclude<StoredRecovery['state'], 'running'>, now: number): void
  /** Counts what it has made due. */
  count(endpoint: number, deliveries: number): void
}

export function createRecoveries(database: Connection): Recoveries {
  const note = database.prepare(
    `update ringback_endpoint set recovery_state = 'running', recovery_since = ?2, recovery_until = ?3,
       recovery_deliveries = 0, recovery_started_at = ?4, recovery_finished_at = null
     where number = ?1`,
  )
  const add = database.prepare(
    `insert into ringback_fanout (endpoint, due_at, turn, after_time, include)
     values (?1, ?2, coalesce((select max(turn) from ringback_fanout), 0), ?3, ?4)`,
  )
  const remove = database.prepare('delete from ringback_fanout where endpoint = ?')
  const finish = database.prepare(
    `update ringback_endpoint set recovery_state = ?2, recovery_finished_at = ?3
     where number = ?1 and recovery_state = 'running'`,
  )
  const count = database.prepare(
    'update ringback_endpoint set recovery_deliveries = recovery_deliveries + ?2 where number = ?1',
  )
  return {
    begin(endpoint, { since, until, include }, now) {
      remove.run(endpoint)
      note.run(endpoint, since, until, now)
      add.run(endpoint, now, since, include)
    },
    end(endpoint, state, now) {
      remove.run(endpoint)
      finish.run(endpoint, state, now)
    },
    count(endpoint, deliveries) {
      if (deliveries > 0) count.run(endpoint, deliveries)
    },
  }
}
