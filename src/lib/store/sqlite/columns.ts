/** Whether a delivery waits that was cancelled with its endpoint, and is still to be settled. */
export const staleColumn = `q.leased_at is null
  and q.epoch < (select epoch from ringback_destination where number = d.destination)`

/** The state of a delivery, by its rows `q` of the queue and `s` of the settled, one of which there is. */
export const stateColumn = `coalesce(s.state, case when q.leased_at is not null then 'attempting'
  when ${staleColumn} then 'cancelled' else 'scheduled' end)`

/** The state that it is counted in. */
export const countedStateColumn = "coalesce(s.state, iif(q.leased_at is null, 'scheduled', 'attempting'))"

/** The columns that {@link storedDelivery} reads, of the tables that {@link storedDeliveryTables} joins. */
export const storedDeliveryColumns = `d.number, d.id, ${stateColumn} as state, d.operation, d.callback, d.method, d.url,
  p.url as destination, p.recipient, d.destination_hash, coalesce(q.attempt_count, s.attempt_count) as attempt_count,
  s.response_valid, d.created_at, q.due_at, s.settled_at, s.reason,
  e.id as endpoint, e.owner, w.id as webhook_message`

/** Delivery, destination, and queue and end without the one that stands before; where `number` is given, of that delivery. */
export function storedDeliveryTables(number?: string, before?: 'q' | 's'): string {
  return [
    `ringback_delivery d${number === undefined ? '' : ` on d.number = ${number}`}`,
    'cross join ringback_destination p on p.number = d.destination',
    ...(before === 'q' ? [] : ['left join ringback_queue q on q.number = d.number']),
    ...(before === 's' ? [] : ['left join ringback_settled s on s.delivery = d.number']),
    'left join ringback_endpoint e on e.number = d.endpoint',
    'left join ringback_webhook_message w on w.number = d.webhook_message',
  ].join(' ')
}
