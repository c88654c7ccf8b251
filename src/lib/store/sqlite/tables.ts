import { endpointTables } from './migrations/version-6.ts'

const breaker = `
    state text not null default 'closed',
    failures integer not null default 0,
    failing_since integer not null default 0,
    pause_ms integer not null default 0,
    paused_until integer not null default 0,
    probe text`

const places = `
  create table ringback_origin (
    number integer primary key,
    name text not null unique,
    ready_at integer,${breaker},
    lane text not null default 'known',
    group_name text not null default '',
    -- Whether its group had few new origins when it came.
    of_few integer not null default 0,
    -- Of a new origin that is ready.
    turn integer,
    -- When the pause was set.
    paused_at integer not null default 0
  ) strict;
  create index ringback_origin_ready on ringback_origin (lane, ready_at, number)
    where ready_at is not null and turn is null;
  create index ringback_origin_turn on ringback_origin (turn, number desc) where turn is not null;
  create index ringback_origin_turn_of_few on ringback_origin (turn, number desc) where turn is not null and of_few = 1;
  create index ringback_origin_group on ringback_origin (group_name, turn) where lane = 'new';

  create table ringback_destination (
    number integer primary key,
    origin integer not null,
    url text not null,
    -- Empty where nobody named one.
    recipient text not null default '',
    deliveries integer not null default 0,
    ready_at integer,${breaker},
    paused_at integer not null default 0,
    -- Whether somebody paused it, how many attempts may start there in a second, from when on the next may, and its last 2xx.
    held_at integer,
    held_reason text,
    held_by text,
    rate real,
    next_start_at integer not null default 0,
    last_success_at integer,
    -- When the first attempt after the last 2xx failed, while something has waited since.
    trouble_since integer,
    -- The same once it is an outage, until its end has been told.
    outage_since integer,
    outage_ended_at integer,
    -- Whether its beginning has been told: what is told next is its end.
    outage_told integer not null default 0,
    outage_due_at integer,
    outage_failures integer not null default 0,
    -- Of an endpoint: what waits with a lower epoch is cancelled.
    epoch integer not null default 0,
    -- Whether such deliveries may still have to be settled: until then nothing is claimed.
    cancelling integer not null default 0,
    unique (origin, url, recipient)
  ) strict;
  create index ringback_destination_ready on ringback_destination (origin, ready_at, number) where ready_at is not null;
  create index ringback_destination_troubled on ringback_destination (state) where state <> 'closed';
  create index ringback_destination_trouble on ringback_destination (trouble_since)
    where trouble_since is not null and outage_since is null;
  create index ringback_destination_outage on ringback_destination (outage_due_at) where outage_due_at is not null;
  create index ringback_destination_cancelling on ringback_destination (number) where cancelling = 1;
`

const deliveries = `
  -- What is sent: opaque here. A replay under a new id shares it.
  create table ringback_message (
    number integer primary key,
    content blob not null,
    -- Whether something in it is sealed.
    sealed integer not null,
    deliveries integer not null default 1
  ) strict;
  create index ringback_message_empty on ringback_message (number) where deliveries = 0;

  -- What never changes.
  create table ringback_delivery (
    number integer primary key,
    id text not null unique,
    message integer not null,
    -- 0 in an empty row.
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
    created_at integer not null,
    -- Of a webhook: the numbers of its endpoint and its message.
    endpoint integer,
    webhook_message integer
  ) strict;
  create unique index ringback_delivery_key on ringback_delivery (idempotency_key, destination, callback, operation)
    where idempotency_key is not null;
  create index ringback_delivery_empty on ringback_delivery (number) where destination = 0;
  create index ringback_delivery_endpoint on ringback_delivery (endpoint, number) where endpoint is not null;
  create index ringback_delivery_message on ringback_delivery (webhook_message, number) where webhook_message is not null;

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
    leased_at integer,
    -- How long it waits from when its time was set on, and the time that its sender asked for: due at the later of both.
    delay_ms integer not null default 0,
    asked_at integer,
    -- No attempt begins after this.
    expires_at integer,
    -- As its destination's was when it began to wait.
    epoch integer not null default 0
  ) strict;
  create index ringback_queue_due on ringback_queue (destination, due_at, number) where leased_at is null and behind = 0;
  create index ringback_queue_leased on ringback_queue (due_at) where leased_at is not null;
  create index ringback_queue_order on ringback_queue (destination, ordering_key, behind, number)
    where ordering_key is not null;
  create index ringback_queue_expires on ringback_queue (expires_at) where expires_at is not null and leased_at is null;

  -- How deliveries ended; a replay removes the row.
  create table ringback_settled (
    delivery integer primary key,
    state text not null,
    settled_at integer not null,
    response_valid integer,
    -- When any worker may run its handler.
    handler_due_at integer,
    token integer not null,
    attempt_count integer not null,
    kept text not null default 'all',
    -- Where the attempts do not say why.
    reason text,
    handler_failures integer not null default 0
  ) strict;
  create index ringback_settled_time on ringback_settled (kept, settled_at);
  create index ringback_settled_state on ringback_settled (state, delivery)
    where state = 'failed' or state = 'blocked' or state = 'cancelled';
  create index ringback_settled_response on ringback_settled (handler_due_at) where handler_due_at is not null;

  -- Attempts that have ended, in the order in which they did; one that is on its way stands in the queue.
  create table ringback_attempt (
    row integer primary key,
    -- Null in an empty row.
    delivery integer,
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
    -- The URL that was called, where the delivery has none of its own.
    url text
  ) strict;
  create unique index ringback_attempt_of on ringback_attempt (delivery, number) where delivery is not null;
  create index ringback_attempt_empty on ringback_attempt (row) where delivery is null;

  -- The requests that may still take a delivery back.
  create table ringback_held (delivery integer primary key, holders integer not null) strict;

  -- What is to be replayed, and how far that got.
  create table ringback_replay (
    id text primary key,
    filter text not null,
    new_id integer not null,
    position integer not null,
    -- The number of the last delivery that there was.
    last integer not null,
    replayed integer not null default 0,
    without_bytes integer not null default 0,
    started_at integer not null,
    finished_at integer
  ) strict;
  create index ringback_replay_open on ringback_replay (started_at) where finished_at is null;
  create index ringback_replay_finished on ringback_replay (finished_at) where finished_at is not null;
`

const engine = `
  -- One row: the latest time that was seen, and whether somebody paused all sending.
  create table ringback_engine (latest_at integer not null, held_at integer, held_reason text, held_by text) strict;
  create table ringback_last_claim (row integer primary key, at integer not null) strict;

  -- The master secrets that were used with this store, by their ids.
  create table ringback_key (id text primary key) strict, without rowid;

  -- The versions of recipients' secrets, which are derived: 1 for whoever has none here.
  create table ringback_secret (
    recipient text not null,
    version integer not null,
    -- Null for the newest.
    signs_until integer,
    -- When that was set.
    ended_at integer,
    primary key (recipient, version)
  ) strict, without rowid;

  create table ringback_count (state text primary key, deliveries integer not null) strict, without rowid;

  -- What happened in each hour since the epoch; the row of hour 0 has those that are no longer kept apart.
  create table ringback_hour (
    hour integer primary key,
    delivered integer not null,
    failed integer not null,
    blocked integer not null,
    cancelled integer not null,
    accepted integer not null,
    rejected integer not null,
    unreachable integer not null,
    timed_out integer not null,
    refused integer not null,
    abandoned integer not null,
    duration_ms integer not null,
    duration_0 integer not null,
    duration_1 integer not null,
    duration_2 integer not null,
    duration_3 integer not null,
    duration_4 integer not null,
    duration_5 integer not null,
    duration_6 integer not null,
    duration_7 integer not null,
    duration_8 integer not null,
    duration_9 integer not null,
    duration_10 integer not null
  ) strict;
`

/** The tables as they are now. A new store is made with them: see `decisions/019-new-stores-run-no-migrations.md`. */
export const tables = places + deliveries + engine + endpointTables
