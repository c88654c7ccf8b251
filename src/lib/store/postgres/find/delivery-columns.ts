/** The state of a delivery, by its rows `q` of the queue and `s` of the settled, one of which there is. */
const stateColumn = "coalesce(s.state, case when q.leased_at is null then 'scheduled' else 'attempting' end)"

/** The columns of a stored delivery, of the tables `d`, `q` and `s`. */
export const deliveryColumns = `d.number, d.id, ${stateColumn} as state, d.operation, d.callback, d.method, d.url,
  d.destination_url as destination, d.recipient, d.destination_hash,
  coalesce(q.attempt_count, s.attempt_count) as attempt_count, s.response_valid, d.created_at, q.due_at, s.settled_at, s.reason`

export const deliveryTables = `ringback.delivery d left join ringback.queue q on q.number = d.number
  left join ringback.settled s on s.delivery = d.number`

/** What has to be known of a delivery to change or remove it. */
export const rowColumns = `d.number, d.id, d.destination, d.message, d.ordering_key, ${stateColumn} as state, q.behind,
  s.kept, coalesce(q.attempt_count, s.attempt_count) as attempt_count`
