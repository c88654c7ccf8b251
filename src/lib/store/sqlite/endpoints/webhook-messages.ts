import type { AddedDelivery, AddRequest, KeyedDelivery } from '../../../delivery/delivery-store.ts'
import type { NewDelivery } from '../../../delivery/stored-delivery.ts'
import { wordsText } from '../../endpoints/words.ts'
import { type DueTime, dueAtOf } from '../../queue/due-time.ts'
import { optionalNumber, type Row, text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import type { Messages } from '../messages.ts'
import type { Fanouts } from './fanouts.ts'

/** Stores the messages of webhooks. */
export interface WebhookMessages {
  /** Adds a message and the older forms of it, and makes its first deliveries unless it is held or for later. */
  add(row: NewDelivery, request: AddRequest): AddedDelivery
  /** The message with this key. */
  find(event: string, owner: string, idempotencyKey: string): KeyedDelivery | undefined
  /** A message that is sent again: it is held by one more request, or by none any longer. */
  repeat(id: string, due: DueTime, request: AddRequest): AddedDelivery
  /** Lets a held message go out; true if it was held. */
  release(id: string, due: DueTime, now: number): boolean
  /** Removes a held message; true if nobody else holds it. */
  takeBack(id: string): boolean
  /** Removes a message without deliveries. */
  remove(number: number): void
}

export function createWebhookMessages(database: Connection, messages: Messages, fanouts: Fanouts): WebhookMessages {
  const statements = prepareStatements(database)
  const insert = createInsertMessage(database, messages)
  const remove = (row: Row) => {
    const message = optionalNumber(row.message)
    if (message !== undefined) messages.leave(message)
    fanouts.end(Number(row.number))
    statements.remove.run(Number(row.number))
  }
  const olderOf = (id: string) => statements.olderForms.all(id)
  return {
    add(row, { now, heldUntil }) {
      const { webhook, id } = row
      if (webhook === undefined || statements.anyEndpoint(webhook.owner) === undefined)
        return { id, repeated: false, skipped: true }
      let newest: number | undefined
      for (let form: NewDelivery | undefined = row; form !== undefined; form = form.webhook?.older) {
        const number = insert(form, newest, now)
        if (number === undefined) return { id, repeated: true }
        newest ??= number
        fanouts.begin(number, form, { now, heldUntil })
      }
      return { id, repeated: false }
    },
    find(event, owner, idempotencyKey) {
      const row = statements.keyed.get(event, owner, idempotencyKey)
      return row && { id: text(row.id), digest: text(row.digest), held: Number(row.holders) > 0 }
    },
    repeat(id, due, { now, heldUntil }) {
      if (heldUntil !== undefined) statements.hold.run(id)
      else if (this.release(id, due, now)) return { id, repeated: true, released: true }
      return { id, repeated: true }
    },
    release(id, due, now) {
      const freed = [id, ...olderOf(id).map(row => text(row.id))].map(
        form => statements.release.run(dueAtOf(due, now), form).changes > 0,
      )
      return freed.includes(true)
    },
    takeBack(id) {
      const row = statements.held.get(id)
      if (row === undefined) return false
      if (Number(row.holders) > 1) {
        statements.letGo.run(id)
        return false
      }
      for (const form of [row, ...olderOf(id)]) remove(form)
      return true
    },
    remove(number) {
      const row = statements.one.get(number)
      if (row !== undefined) remove(row)
    },
  }
}

function prepareStatements(database: Connection) {
  const ofOwner = database.prepare('select 1 from ringback_endpoint where owner = ? and deleted_at is null limit 1')
  const ofAnyone = database.prepare("select 1 from ringback_endpoint where owner > '' and deleted_at is null limit 1")
  const itsFanout = 'webhook_message = (select number from ringback_webhook_message where id = ?)'
  return {
    anyEndpoint: (owner: string) => (owner === '' ? ofAnyone.get() : ofOwner.get(owner)),
    one: database.prepare('select * from ringback_webhook_message where number = ?'),
    olderForms: database.prepare(
      `select * from ringback_webhook_message
       where newest_form = (select number from ringback_webhook_message where id = ?)`,
    ),
    keyed: database.prepare(
      `select w.id, w.digest, f.holders from ringback_webhook_message w
       left join ringback_fanout f on f.webhook_message = w.number
       where w.event = ? and w.owner = ? and w.idempotency_key = ?`,
    ),
    held: database.prepare(
      `select w.*, f.holders from ringback_webhook_message w join ringback_fanout f on f.webhook_message = w.number
       where w.id = ? and f.holders > 0`,
    ),
    hold: database.prepare(`update ringback_fanout set holders = holders + 1 where ${itsFanout} and holders > 0`),
    letGo: database.prepare(`update ringback_fanout set holders = holders - 1 where ${itsFanout}`),
    release: database.prepare(`update ringback_fanout set holders = 0, due_at = ?1 where webhook_message = (
      select number from ringback_webhook_message where id = ?2) and holders > 0`),
    remove: database.prepare('delete from ringback_webhook_message where number = ?'),
  }
}

/** Stores what is sent and whom it is for; undefined if its id exists. */
function createInsertMessage(database: Connection, messages: Messages) {
  const insert = database.prepare(
    `insert into ringback_webhook_message (id, owner, event, channels, occurred_at, except_endpoint, newer, chain, star_from,
       star_until, timeout_ms, ordering_key, idempotency_key, digest, expires_at, created_at, newest_form)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
  )
  const setContent = database.prepare('update ringback_webhook_message set message = ? where number = ?')
  return (row: NewDelivery, newest: number | undefined, now: number): number | undefined => {
    const { id, callback, timeoutMs, orderingKey = null, idempotencyKey = null, digest = null, expiresAt = null } = row
    const { owner, channels, timestamp, except = null, newer, chain, starFrom, starUntil } = row.webhook!
    const { changes, lastInsertRowid } = insert.run(
      ...[id, owner, callback, wordsText(channels), timestamp, except, wordsText(newer), wordsText(chain)],
      ...[starFrom, starUntil, timeoutMs, orderingKey, idempotencyKey, digest, expiresAt, now, newest ?? null],
    )
    if (changes === 0) return undefined
    const number = Number(lastInsertRowid)
    setContent.run(messages.addForWebhook(row), number)
    return number
  }
}
