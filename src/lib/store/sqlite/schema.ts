import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { type Connection, prepareValues } from './connection.ts'

/** Each entry leads from one version of the schema to the next; a published one is never changed. */
const migrations: readonly string[] = [
  `
  create table ringback_origin (
    number integer primary key,
    name text not null unique,
    ready_at integer,
    state text not null default 'closed',
    failures integer not null default 0,
    failing_since integer not null default 0,
    pause_ms integer not null default 0,
    paused_until integer not null default 0,
    probe text
  ) strict;
  create index ringback_origin_ready on ringback_origin (ready_at, number) where ready_at is not null;

  create table ringback_destination (
    number integer primary key,
    origin integer not null,
    url text not null,
    deliveries integer not null default 0,
    ready_at integer,
    state text not null default 'closed',
    failures integer not null default 0,
    failing_since integer not null default 0,
    pause_ms integer not null default 0,
    paused_until integer not null default 0,
    probe text,
    unique (origin, url)
  ) strict;
  create index ringback_destination_ready on ringback_destination (origin, ready_at, number) where ready_at is not null;

  create table ringback_delivery (
    number integer primary key,
    id text not null unique,
    destination integer not null,
    operation text not null,
    callback text not null,
    method text not null,
    url text not null,
    idempotency_key text,
    digest text,
    ordering_key text,
    created_at integer not null,
    state text not null,
    due_at integer not null,
    behind integer not null,
    token integer not null default 0,
    -- Of the attempt that is on its way, or was the last.
    leased_at integer,
    lease_until integer,
    attempt_count integer not null default 0,
    retries_used integer not null default 0,
    deaths integer not null default 0,
    response_valid integer,
    response_due_at integer,
    settled_at integer,
    kept text not null default 'all'
  ) strict;
  create index ringback_delivery_due on ringback_delivery (destination, due_at, number) where state = 'scheduled' and behind = 0;
  create index ringback_delivery_leased on ringback_delivery (lease_until) where state = 'attempting';
  create index ringback_delivery_scheduled on ringback_delivery (number) where state = 'scheduled';
  -- With "or", and not "in", because that is what the query planner compares with "state = 'failed'".
  create index ringback_delivery_ended on ringback_delivery (state, number)
    where state = 'failed' or state = 'blocked' or state = 'cancelled';
  create unique index ringback_delivery_key on ringback_delivery (idempotency_key, destination, callback, operation)
    where idempotency_key is not null;
  create index ringback_delivery_order on ringback_delivery (destination, ordering_key, behind, number)
    where ordering_key is not null and state in ('scheduled', 'attempting');
  create index ringback_delivery_response on ringback_delivery (response_due_at) where response_due_at is not null;
  create index ringback_delivery_settled on ringback_delivery (kept, settled_at) where settled_at is not null;

  -- What is sent never changes, and stands apart from what changes with every attempt.
  create table ringback_job (
    delivery integer primary key,
    recipient text not null,
    headers blob,
    body blob,
    responses text,
    retry_delays_seconds text not null,
    timeout_ms integer not null,
    retry_on_invalid_response integer not null,
    has_on_response integer not null,
    trace_parent text
  ) strict;

  -- Deliveries as they were stored together, until they get their place in the tables above.
  create table ringback_intake (
    number integer primary key,
    deliveries text not null
  ) strict;

  -- Attempts that have ended; one that is on its way stands in the row of its delivery.
  create table ringback_attempt (
    delivery integer not null,
    number integer not null,
    started_at integer not null,
    finished_at integer not null,
    outcome text not null,
    status integer,
    headers text,
    body blob,
    body_truncated integer,
    address text,
    error text,
    primary key (delivery, number)
  ) strict, without rowid;
  `,
  `
  -- Origins from before lanes are taken to answer.
  alter table ringback_origin add column lane text not null default 'known';
  alter table ringback_origin add column group_name text not null default '';
  -- Whether its group had few new origins when it came.
  alter table ringback_origin add column of_few integer not null default 0;
  -- Of a new origin that is ready.
  alter table ringback_origin add column turn integer;
  drop index ringback_origin_ready;
  create index ringback_origin_ready on ringback_origin (lane, ready_at, number)
    where ready_at is not null and turn is null;
  create index ringback_origin_turn on ringback_origin (turn, number desc) where turn is not null;
  create index ringback_origin_turn_of_few on ringback_origin (turn, number desc) where turn is not null and of_few = 1;
  create index ringback_origin_group on ringback_origin (group_name, turn) where lane = 'new';
  `,
  `
  -- A destination is recipient and URL together, empty where nobody named one.
  create table ringback_destination_of_recipient (
    number integer primary key,
    origin integer not null,
    url text not null,
    recipient text not null default '',
    deliveries integer not null default 0,
    ready_at integer,
    state text not null default 'closed',
    failures integer not null default 0,
    failing_since integer not null default 0,
    pause_ms integer not null default 0,
    paused_until integer not null default 0,
    probe text,
    unique (origin, url, recipient)
  ) strict;
  insert into ringback_destination_of_recipient (number, origin, url, deliveries, ready_at, state, failures,
    failing_since, pause_ms, paused_until, probe)
    select number, origin, url, deliveries, ready_at, state, failures, failing_since, pause_ms, paused_until, probe
    from ringback_destination;
  drop table ringback_destination;
  alter table ringback_destination_of_recipient rename to ringback_destination;
  create index ringback_destination_ready on ringback_destination (origin, ready_at, number) where ready_at is not null;

  -- What was sent for a recipient gets a destination of its own, as what is sent for it from now on has.
  insert into ringback_destination (origin, url, recipient, deliveries, ready_at, state, failures, failing_since,
    pause_ms, paused_until)
    select p.origin, p.url, j.recipient, count(*), p.ready_at, p.state, p.failures, p.failing_since, p.pause_ms,
      p.paused_until
    from ringback_job j join ringback_delivery d on d.number = j.delivery
      join ringback_destination p on p.number = d.destination
    where j.recipient != p.url group by p.number, j.recipient;
  update ringback_delivery as d set destination = own.number
    from ringback_job j, ringback_destination p, ringback_destination own
    where j.delivery = d.number and p.number = d.destination and j.recipient != p.url
      and own.origin = p.origin and own.url = p.url and own.recipient = j.recipient;
  update ringback_destination as p set deliveries = p.deliveries - own.moved
    from (select origin, url, sum(deliveries) as moved from ringback_destination where recipient != ''
      group by origin, url) as own
    where p.origin = own.origin and p.url = own.url and p.recipient = '';
  delete from ringback_destination where deliveries = 0;
  update ringback_delivery as d set behind = 0
    where behind = 1 and not exists (
      select 1 from ringback_delivery o where o.destination = d.destination and o.ordering_key = d.ordering_key
        and o.state in ('scheduled', 'attempting') and (o.behind = 0 or o.number < d.number)
    );
  alter table ringback_job drop column recipient;

  -- What ends the webhook-id; null where it is that of the URL as it stands.
  alter table ringback_delivery add column destination_hash text;

  -- The versions of recipients' secrets, which are derived: 1 for whoever has none here.
  create table ringback_secret (
    recipient text not null,
    version integer not null,
    -- Null for the newest.
    signs_until integer,
    primary key (recipient, version)
  ) strict, without rowid;

  -- The master secrets that were used with this store, by their ids.
  create table ringback_key (id text primary key) strict, without rowid;

  -- The requests that may still take it back.
  alter table ringback_delivery add column holders integer not null default 0;
  `,
]

/** The version of the tables that this code knows. */
export const tablesVersion = migrations.length

/**
 * Brings the tables to the version this code knows, inside the transaction that the caller opened. Tables of a newer
 * version are left alone: an older process must not write to them. A test gives an earlier version.
 */
export function migrate(database: Connection, to = migrations.length): void {
  database.exec('create table if not exists ringback_schema (version integer not null) strict')
  const row = database.prepare('select version from ringback_schema').get()
  const version = Number(row?.version ?? 0)
  if (version > migrations.length) throw tablesAreNewer(version)
  for (const migration of migrations.slice(version, to)) database.exec(migration)
  if (row === undefined) database.prepare('insert into ringback_schema (version) values (?)').run(to)
  else if (version < to) database.prepare('update ringback_schema set version = ?').run(to)
}

/**
 * Refuses tables that a newer process has changed since: in each transaction, so that an older one stops at once. The
 * caller has the lock, so the version stays what it is until the transaction ends.
 */
export function createVersionCheck(database: Connection): () => void {
  const statement = prepareValues(database, 'select version from ringback_schema')
  return () => {
    const version = Number(statement.get()?.[0])
    if (version > tablesVersion) throw tablesAreNewer(version)
  }
}

function tablesAreNewer(version: number): StoreUnavailableError {
  const reason = `the tables have version ${version} and this release knows version ${tablesVersion}; update Ringback`
  return new StoreUnavailableError(reason, { lasting: true })
}
