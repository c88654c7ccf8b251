import type { PurgeRequest } from '../../delivery/delivery-store.ts'
import { hourMs, hoursKept } from '../../delivery/manage/store-stats.ts'
import { optionalNumber } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import { createPurgeWebhooks } from './endpoints/purge-webhooks.ts'
import type { Messages } from './messages.ts'
import type { Places } from './place.ts'
import { createSweep, deadRows } from './removal/dead-rows.ts'
import { createGiveBack } from './removal/give-back.ts'
import { createRemovableRows } from './removal/removable-rows.ts'
import { removalsOfDelivery, stateOf } from './remove.ts'
import type { Hours } from './stats/hours.ts'

const purgedAtOnce = 500

/** What is purged. */
export interface PurgeParts {
  readonly places: Places
  readonly messages: Messages
  readonly counts: Counts
  readonly hours: Hours
}

/**
 * Removes what is older than its retention, piece by piece. `kept` says what is left of a settled delivery: `all` of
 * it, or only its row, which stays longer if the delivery `failed`. So each step finds its rows by an index.
 */
export function createPurge(database: Connection, { places, messages, counts, hours }: PurgeParts) {
  const aged = database.prepare(
    `select s.delivery as number, s.state, d.destination, d.message, d.webhook_message
     from ringback_settled s cross join ringback_delivery d on d.number = s.delivery
     where s.kept = ? and s.settled_at < ? order by s.settled_at limit ${purgedAtOnce}`,
  )
  const keep = database.prepare('update ringback_settled set kept = ? where delivery = ?')
  const strip = database.prepare(
    'update ringback_attempt set status = null, headers = null, body = null, address = null where delivery = ?',
  )
  const webhooks = createPurgeWebhooks(database, messages)
  const removals = removalsOfDelivery.map(sql => database.prepare(sql))
  const removable = createRemovableRows(database)
  const endReplays = database.prepare('delete from ringback_replay where finished_at < ?')
  const sweeps = deadRows.map(rows => createSweep(database, rows))
  const giveBack = createGiveBack(database)

  const removeRows = (kept: string, before: number): boolean => {
    const rows = aged.all(kept, before)
    for (const row of rows) {
      for (const removal of removals) removal.run(Number(row.number))
      counts.change(stateOf(row), -1)
      places.countDown(Number(row.destination))
      const webhookMessage = optionalNumber(row.webhook_message)
      if (webhookMessage !== undefined) webhooks.removeEmptied(webhookMessage)
    }
    return rows.length === purgedAtOnce
  }

  const stripRows = (kept: 'all' | 'webhook', before: number): boolean => {
    const rows = aged.all(kept, before)
    const stripped = removable(rows)
    for (const { number, state, message } of stripped) {
      messages.leave(Number(message))
      strip.run(Number(number))
      keep.run(state === 'failed' ? 'failed row' : 'row', Number(number))
    }
    return stripped.length < rows.length || rows.length === purgedAtOnce
  }

  return ({ now, bytesMs, webhookMs, rowsMs, failedMs }: PurgeRequest): boolean => {
    const stripped = [stripRows('all', now - bytesMs), stripRows('webhook', now - webhookMs)]
    const left = [...stripped, removeRows('row', now - rowsMs), removeRows('failed row', now - failedMs)]
    endReplays.run(now - rowsMs)
    left.push(webhooks.purge(now, webhookMs))
    hours.fold(now - (hoursKept - 1) * hourMs)
    const swept = sweeps.map(sweep => sweep())
    return [...left, ...swept].includes(true) || giveBack()
  }
}
