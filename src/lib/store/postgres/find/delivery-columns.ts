import { endReason } from '../endpoints/end-reason.ts'

/** The state of a delivery, by its rows `q` of the queue and `s` of the settled, one of which there is. */
const stateColumn = "coalesce(s.state, case when q.leased_at is null then 'scheduled' else 'attempting' end)"

/** Whether a delivery waits for an endpoint that was disabled or deleted since: it is cancelled, and will be settled. */
const isStale = `d.endpoint is not null and q.leased_at is null
  and q.epoch < (select epoch from ringback.destination where number = d.destination)`

/** The state that people see. */
export const shownState = `coalesce(s.state, case when q.leased_at is not null then 'attempting'
  when ${isStale} then 'cancelled' else 'scheduled' end)`

/** Why a delivery of the queue was cancelled; null if it was not. */
export const cancelReason = `case when d.endpoint is not null
  and q.epoch < (select epoch from ringback.destination where number = d.destination) then ${endReason} end`

/** The columns of a stored delivery, of the tables `d`, `q`, `s`, `e` and `w`. */
export const deliveryColumns = `d.number, d.id, ${shownState} as state, d.operation, d.callback, d.method, d.url,
  coalesce(e.url, d.destination_url) as destination, d.recipient, d.destination_hash,
  coalesce(q.attempt_count, s.attempt_count) as attempt_count, s.response_valid, d.created_at, q.due_at, s.settled_at, s.reason,
  e.id as endpoint, e.owner, w.id as webhook_message`

/** The endpoint and the message of a delivery `d`. */
export const webhookTables = `left join ringback.endpoint e on e.number = d.endpoint
  left join ringback.webhook_message w on w.number = d.webhook_message`

export const deliveryTables = `ringback.delivery d left join ringback.queue q on q.number = d.number
  left join ringback.settled s on s.delivery = d.number ${webhookTables}`

/**
 * What has to be known of a delivery to change or remove it. One that waits and was cancelled with its endpoint is scheduled
 * here, as it is counted so until it is settled.
 */
export const rowColumns = `d.number, d.id, d.destination, d.message, d.ordering_key, ${stateColumn} as state, q.behind,
  s.kept, coalesce(q.attempt_count, s.attempt_count) as attempt_count, d.webhook_message, ${cancelReason} as cancel_reason,
  (e.disabled_reason is not null or e.deleted_at is not null) as is_disabled`
