import { optionalNumber } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import type { Messages } from '../messages.ts'

const purgedAtOnce = 500
/** How many deleted endpoints are looked at: the oldest, which are the first to lose their deliveries. */
const lookedAt = 5_000
/** For how long a repeated registration is recognised by its key. */
const keyMs = 86_400_000

/** Purges messages of webhooks and endpoints. */
export interface PurgeWebhooks {
  /**
   * Lets go of the bytes of messages that are past their retention, and removes those and deleted endpoints that have no
   * deliveries any more; true while there may be more.
   */
  purge(now: number, webhookMs: number): boolean
  /** Removes a message whose bytes are gone, if its last delivery is, too. */
  removeEmptied(webhookMessage: number): void
}

export function createPurgeWebhooks(database: Connection, messages: Messages): PurgeWebhooks {
  const aged = database.prepare(
    `select w.number, w.message from ringback_webhook_message w
     where w.created_at < ? and w.message is not null
       and not exists (select 1 from ringback_fanout f where f.webhook_message = w.number)
     order by w.created_at, w.number limit ${purgedAtOnce}`,
  )
  const empty = database.prepare('update ringback_webhook_message set message = null where number = ?')
  const remove = database.prepare(
    `delete from ringback_webhook_message where number = ?1 and message is null
       and not exists (select 1 from ringback_delivery d where d.webhook_message = ?1)`,
  )
  const removeEndpoints = database.prepare(
    `delete from ringback_endpoint where number in (
       select number from ringback_endpoint e where number in (
         select number from ringback_endpoint where deleted_at is not null order by deleted_at limit ${lookedAt})
         and not exists (select 1 from ringback_delivery d where d.endpoint = e.number)
         and not exists (select 1 from ringback_notice n where n.endpoint = e.number) limit ${purgedAtOnce})`,
  )
  const forgetKeys = database.prepare(
    `update ringback_endpoint set create_key = null, create_digest = null where number in (
       select number from ringback_endpoint where create_key is not null and created_at < ? limit ${purgedAtOnce})`,
  )
  return {
    purge(now, webhookMs) {
      const rows = aged.all(now - webhookMs)
      for (const { number, message } of rows) {
        const content = optionalNumber(message)
        if (content !== undefined) messages.leave(content)
        empty.run(Number(number))
        remove.run(Number(number))
      }
      const others = [forgetKeys.run(now - keyMs), removeEndpoints.run()]
      return rows.length === purgedAtOnce || others.some(({ changes }) => changes === purgedAtOnce)
    },
    removeEmptied(webhookMessage) {
      remove.run(webhookMessage)
    },
  }
}
