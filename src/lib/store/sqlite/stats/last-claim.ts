import type { Connection } from '../connection.ts'

/** When a worker last claimed. */
export interface LastClaim {
  note(now: number): void
  /**
   * Writes the time if it has not been written for a while: a worker with nothing to do must not write at every poll.
   */
  write(): void
  forget(): void
  read(): number | undefined
}

const writeEveryMs = 5_000

export function createLastClaim(database: Connection): LastClaim {
  const save = database.prepare(
    'insert into ringback_last_claim (row, at) values (1, ?) on conflict (row) do update set at = excluded.at',
  )
  const read = database.prepare('select at from ringback_last_claim where row = 1')
  let noted: number | undefined
  let written = Number.NEGATIVE_INFINITY
  return {
    note(now) {
      noted = now
    },
    write() {
      // The difference may be negative: the clock may have been set back.
      if (noted !== undefined && Math.abs(noted - written) >= writeEveryMs) {
        save.run(noted)
        written = noted
      }
      noted = undefined
    },
    forget() {
      noted = undefined
      written = Number.NEGATIVE_INFINITY
    },
    read() {
      const at = read.get()?.['at']
      return typeof at === 'number' ? at : undefined
    },
  }
}
