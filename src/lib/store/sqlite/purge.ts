import type { PurgeRequest } from '../../delivery/delivery-store.ts'
import type { Connection } from './connection.ts'
import type { Places } from './place.ts'

const purgedAtOnce = 500

/**
 * Removes what is older than its retention, a piece at a time. `kept` says what a settled delivery still has: `all`, or
 * only the row, which stays longer for those that `failed`. So that each step finds its rows by an index.
 */
export function createPurge(database: Connection, places: Places) {
  const aged = database.prepare(
    `select number, state, destination from ringback_delivery where kept = ? and settled_at < ? order by settled_at limit ${purgedAtOnce}`,
  )
  const keep = database.prepare('update ringback_delivery set kept = ? where number = ?')
  const removeJob = database.prepare('delete from ringback_job where delivery = ?')
  const strip = database.prepare(
    'update ringback_attempt set status = null, headers = null, body = null, address = null where delivery = ?',
  )
  const removeAttempts = database.prepare('delete from ringback_attempt where delivery = ?')
  const remove = database.prepare('delete from ringback_delivery where number = ?')

  const removeRows = (kept: string, before: number): number => {
    const rows = aged.all(kept, before)
    for (const { number, destination } of rows) {
      removeAttempts.run(Number(number))
      remove.run(Number(number))
      places.countDown(Number(destination))
    }
    return rows.length
  }

  return ({ now, bytesMs, rowsMs, failedMs }: PurgeRequest): boolean => {
    const stripped = aged.all('all', now - bytesMs)
    for (const { number, state } of stripped) {
      removeJob.run(Number(number))
      strip.run(Number(number))
      keep.run(state === 'failed' ? 'failed row' : 'row', Number(number))
    }
    const removed = [removeRows('row', now - rowsMs), removeRows('failed row', now - failedMs)]
    return [stripped.length, ...removed].includes(purgedAtOnce)
  }
}
