import type { Connection } from '../connection.ts'

/** Since when destinations have had no 2xx while something waited for them. Outages are derived from this. */
export interface Trouble {
  /** An attempt failed. A destination for which nothing waits has no trouble. */
  note(destination: number, now: number): void
  /** A 2xx came: the trouble is over, and so is an outage. */
  end(destination: number, now: number): void
  /**
   * A delivery no longer waits. When none waits any more the trouble is forgotten, unless its outage was already told.
   */
  rest(destination: number): void
}

/** Whether a delivery waits to be sent to the destination `d`. */
export const somethingWaits = `exists (select 1 from ringback_queue q
  where q.destination = d.number and q.leased_at is null and q.behind = 0)`

export function createTrouble(database: Connection): Trouble {
  const note = database.prepare(
    `update ringback_destination as d set trouble_since = ?1
     where number = ?2 and (trouble_since is null or trouble_since > ?1) and ${somethingWaits}`,
  )
  const end = database.prepare(
    `update ringback_destination set trouble_since = null,
       outage_ended_at = iif(outage_since is null, null, coalesce(outage_ended_at, ?1)),
       outage_due_at = iif(outage_since is null or outage_ended_at is not null, outage_due_at, coalesce(outage_due_at, ?1))
     where number = ?2 and trouble_since is not null`,
  )
  const rest = database.prepare(
    `update ringback_destination as d set trouble_since = null
     where number = ? and trouble_since is not null and (outage_since is null or outage_ended_at is not null)
       and not ${somethingWaits}`,
  )
  return {
    note(destination, now) {
      note.run(now, destination)
    },
    end(destination, now) {
      end.run(now, destination)
    },
    rest(destination) {
      rest.run(destination)
    },
  }
}
