import type { Connection } from '../connection.ts'
import { createCorrectTimes } from './correct-times.ts'

/** What is asked waits for its commit, and so comes up to this later than its time says: no sign of a wrong clock. */
const latenessMs = 10_000
/** So much later than the last time that was written another one is. */
const writtenEveryMs = 1_000

/**
 * Sees each time that the store is told. One that is before an earlier one shows that the clock was ahead and has been put
 * right: then all that was set by it is put right as well. The latest time is kept, so that a restart changes nothing.
 */
export function createClockWatch(database: Connection): (now: number) => void {
  const read = database.prepare('select latest_at from ringback_engine')
  const insert = database.prepare('insert into ringback_engine (latest_at) values (?)')
  const update = database.prepare('update ringback_engine set latest_at = ?')
  const correctTimes = createCorrectTimes(database)
  /** What this process has seen last: no need to ask as long as time goes on. */
  let seen = Number.NaN
  return now => {
    if (now >= seen && now < seen + writtenEveryMs) return
    const latest = read.get()?.latest_at
    const isSetBack = latest !== undefined && now < Number(latest) - latenessMs
    if (isSetBack || latest === undefined) correctTimes(now)
    if (latest === undefined) insert.run(now)
    else if (isSetBack || now > Number(latest)) update.run(now)
    seen = now
  }
}
