/** The first tables. Published: it is never changed. */
export const version1 = `
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
`
