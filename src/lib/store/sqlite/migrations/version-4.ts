import { defaultFinalStatuses } from '../../../definition/final-statuses.ts'
import { writeMessage } from '../../../delivery/message.ts'
import { hashOf } from '../../../signature/destination-hash.ts'
import { optionalBytes, optionalText, type Row, text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import { emptyIntake } from './intake-of-version-3.ts'

/** Puts content, delivery, queue and end into tables of their own. Published: it is never changed. */
export function toVersion4(database: Connection): void {
  emptyIntake(database)
  nameDestinations(database)
  database.exec(tables)
  writeMessages(database)
  database.exec(moveRows)
}

/** Computes the suffix of the webhook-id for deliveries from before version 3. */
function nameDestinations(database: Connection): void {
  const unnamed = database.prepare(
    `select distinct p.number, p.url from ringback_delivery d join ringback_destination p on p.number = d.destination
     where d.destination_hash is null`,
  )
  const name = database.prepare(
    'update ringback_delivery set destination_hash = ? where destination = ? and destination_hash is null',
  )
  for (const { number, url } of unnamed.all()) name.run(hashOf(text(url)), Number(number))
}

/** A message gets the number of the first delivery that it was made for. */
function writeMessages(database: Connection): void {
  const jobs = database.prepare(
    'select j.*, d.method from ringback_job j join ringback_delivery_of_3 d on d.number = j.delivery',
  )
  const insert = database.prepare('insert into ringback_message (number, content, sealed) values (?, ?, ?)')
  for (const job of jobs.iterate())
    insert.run(Number(job.delivery), contentOf(job), optionalBytes(job.headers) === undefined ? 0 : 1)
}

function contentOf(job: Row): Uint8Array {
  const body = optionalBytes(job.body)
  return writeMessage({
    method: text(job.method),
    contentType: body === undefined ? undefined : 'application/json',
    headers: optionalBytes(job.headers),
    body,
    isBodySealed: false,
    responses: optionalText(job.responses),
    retryDelaysSeconds: JSON.parse(text(job.retry_delays_seconds)),
    finalStatuses: defaultFinalStatuses,
    retryOnInvalidResponse: job.retry_on_invalid_response === 1,
    hasOnResponse: job.has_on_response === 1,
    traceParent: optionalText(job.trace_parent),
  })
}

const tables = `
  drop table ringback_intake;
  alter table ringback_delivery rename to ringback_delivery_of_3;

  -- What is sent: opaque here. Its number is that of the first delivery that sends it; a replay under a new id shares it.
  create table ringback_message (
    number integer primary key,
    content blob not null,
    -- Whether something in it is sealed.
    sealed integer not null,
    deliveries integer not null default 1
  ) strict;

  -- What never changes.
  create table ringback_delivery (
    number integer primary key,
    id text not null unique,
    message integer not null,
    destination integer not null,
    operation text not null,
    callback text not null,
    method text not null,
    url text not null,
    timeout_ms integer not null,
    idempotency_key text,
    digest text,
    ordering_key text,
    -- What ends the webhook-id.
    destination_hash text not null,
    created_at integer not null
  ) strict;

  -- What is still to be done, one row each, by the number of its delivery.
  create table ringback_queue (
    number integer primary key,
    destination integer not null,
    -- When something is to be done: an attempt or, while it is leased, the end of that.
    due_at integer not null,
    -- When it was due before it was leased.
    wanted_at integer not null,
    -- Waits for an earlier one of its ordering key.
    behind integer not null,
    ordering_key text,
    -- The length of its message.
    bytes integer not null,
    token integer not null,
    attempt_count integer not null,
    retries_used integer not null default 0,
    deaths integer not null default 0,
    leased_at integer
  ) strict;

  -- How deliveries ended; a replay removes the row.
  create table ringback_settled (
    delivery integer primary key,
    state text not null,
    settled_at integer not null,
    response_valid integer,
    response_due_at integer,
    token integer not null,
    attempt_count integer not null,
    kept text not null default 'all'
  ) strict;

  -- The requests that may still take a delivery back.
  create table ringback_held (delivery integer primary key, holders integer not null) strict;

  -- How many deliveries there are in each state.
  create table ringback_count (state text primary key, deliveries integer not null) strict, without rowid;
`

const moveRows = `
  insert into ringback_delivery (number, id, message, destination, operation, callback, method, url, timeout_ms,
    idempotency_key, digest, ordering_key, destination_hash, created_at)
    select d.number, d.id, d.number, d.destination, d.operation, d.callback, d.method, d.url, coalesce(j.timeout_ms, 15000),
      d.idempotency_key, d.digest, d.ordering_key, d.destination_hash, d.created_at
    from ringback_delivery_of_3 d left join ringback_job j on j.delivery = d.number;
  insert into ringback_queue (number, destination, due_at, wanted_at, behind, ordering_key, bytes, token, attempt_count,
    retries_used, deaths, leased_at)
    select d.number, d.destination, iif(d.state = 'attempting', d.lease_until, d.due_at), d.due_at, d.behind, d.ordering_key,
      length(m.content), d.token, d.attempt_count, d.retries_used, d.deaths, iif(d.state = 'attempting', d.leased_at, null)
    from ringback_delivery_of_3 d join ringback_message m on m.number = d.number
    where d.state in ('scheduled', 'attempting');
  insert into ringback_settled (delivery, state, settled_at, response_valid, response_due_at, token, attempt_count, kept)
    select number, state, settled_at, response_valid, response_due_at, token, attempt_count, kept
    from ringback_delivery_of_3 where state not in ('scheduled', 'attempting');
  insert into ringback_held (delivery, holders) select number, holders from ringback_delivery_of_3 where holders > 0;
  insert into ringback_count (state, deliveries) select state, count(*) from ringback_delivery_of_3 group by state;
  drop table ringback_job;
  drop table ringback_delivery_of_3;

  create unique index ringback_delivery_key on ringback_delivery (idempotency_key, destination, callback, operation)
    where idempotency_key is not null;
  create index ringback_queue_due on ringback_queue (destination, due_at, number) where leased_at is null and behind = 0;
  create index ringback_queue_leased on ringback_queue (due_at) where leased_at is not null;
  create index ringback_queue_order on ringback_queue (destination, ordering_key, behind, number)
    where ordering_key is not null;
  create index ringback_settled_time on ringback_settled (kept, settled_at);
  -- With "or", and not "in", because that is what the query planner compares with "state = 'failed'".
  create index ringback_settled_state on ringback_settled (state, delivery)
    where state = 'failed' or state = 'blocked' or state = 'cancelled';
  create index ringback_settled_response on ringback_settled (response_due_at) where response_due_at is not null;
`
