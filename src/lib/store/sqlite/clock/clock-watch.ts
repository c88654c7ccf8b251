import type { Connection } from '../connection.ts'
import { createCorrectTimes } from './correct-times.ts'

/**
 * Operations wait for their commit, so their time may be this much earlier than one that was seen before. That does not
 * mean that the clock is wrong.
 */
const latenessMs = 10_000
/** The latest time is written only when it is this much later than the one written last. */
const writtenEveryMs = 1_000

/**
 * Watches the times that the store is given. A time that is before an earlier one shows that the clock was ahead and
 * has been corrected. Then everything that was set with the wrong clock is corrected as well. The latest time is
 * stored, so that this also works after a restart.
 */
export function createClockWatch(database: Connection): (now: number) => void {
  const read = database.prepare('select latest_at from ringback_engine')
  const insert = database.prepare('insert into ringback_engine (latest_at) values (?)')
  const update = database.prepare('update ringback_engine set latest_at = ?')
  const correctTimes = createCorrectTimes(database)
  /** The latest time that this process has seen. As long as time moves forward, the database need not be asked. */
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
