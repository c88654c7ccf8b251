import { endpointTables } from './endpoint-tables.ts'

const often = 'fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0'

/** Tables that only grow, until retention removes as much as comes: a fifth of them dead would be a fifth of the disk. */
const kept = 'autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05'

const breaker = `
    state text not null default 'closed',
    failures int not null default 0,
    failing_since bigint not null default 0,
    pause_ms bigint not null default 0,
    paused_until bigint not null default 0,
    -- When the pause was set.
    paused_at bigint not null default 0,
    probe text`

/**
 * The first tables. A place (an origin or a destination) has a number that follows from its name, so that whoever adds a
 * delivery needs neither look it up nor lock it, and in \`entered\` the number of the delivery that brought it, which says its
 * turn. A delivery's number is the server's time in microseconds, and twelve bits that keep apart what came at the same time.
 */
export const version1 = `
  create table ringback.engine (
    row int primary key check (row = 1),
    -- Tells this store from every other one.
    id text not null,
    version int not null,
    -- The latest time that was told.
    latest_at bigint,
    -- Whether somebody paused all sending.
    held_at bigint,
    held_reason text,
    held_by text
  );
  insert into ringback.engine (row, id, version) values (1, gen_random_uuid(), 0);
  create table ringback.last_claim (row int primary key check (row = 1), at bigint);
  insert into ringback.last_claim (row) values (1);

  create table ringback.origin (
    number bigint primary key,
    entered bigint not null,
    name text not null,
    ready_at bigint,${breaker},
    lane text collate "C" not null,
    group_name text collate "C" not null,
    -- Whether its group had few new origins when it came.
    of_few int not null,
    -- Of a new origin that is ready.
    turn bigint
  ) with (${often});
  create index origin_ready on ringback.origin (lane, ready_at, entered) where ready_at is not null and turn is null;
  create index origin_turn on ringback.origin (turn, entered desc) where turn is not null;
  create index origin_turn_of_few on ringback.origin (turn, entered desc) where turn is not null and of_few = 1;
  create index origin_group on ringback.origin (group_name, turn) where lane = 'new';

  create table ringback.destination (
    number bigint primary key,
    entered bigint not null,
    origin bigint not null,
    url text not null,
    -- Empty where nobody named one.
    recipient text not null,
    -- The number of the one that has the same URL and no recipient, whose pause and rate hold for all.
    of_all bigint not null,
    ready_at bigint,${breaker},
    -- Whether somebody paused it, how many attempts may start there in a second, from when on the next may, and its last 2xx.
    held_at bigint,
    held_reason text,
    held_by text,
    rate double precision,
    next_start_at bigint not null default 0,
    last_success_at bigint,
    -- When the first attempt after the last 2xx failed, while something has waited since.
    trouble_since bigint,
    -- The same once it is an outage, until its end has been told.
    outage_since bigint,
    outage_ended_at bigint,
    outage_told int not null default 0,
    outage_due_at bigint,
    outage_failures int not null default 0,
    -- Of an endpoint: what waits with a lower epoch is cancelled.
    epoch int not null default 0,
    -- Whether such deliveries may still have to be settled: until then nothing is claimed.
    cancelling int not null default 0
  ) with (${often});
  create index destination_ready on ringback.destination (origin, ready_at, entered);
  create index destination_entered on ringback.destination (entered);
  create index destination_troubled on ringback.destination (state) where state <> 'closed';
  create index destination_trouble on ringback.destination (trouble_since)
    where trouble_since is not null and outage_since is null;
  create index destination_cancelling on ringback.destination (number) where cancelling = 1;
  create index destination_outage on ringback.destination (outage_due_at) where outage_due_at is not null;

  -- What tells a claim that something was added: who adds changes no row that others need.
  create table ringback.arrival (
    number bigint not null,
    destination bigint not null,
    origin bigint not null,
    origin_name text not null,
    group_name text not null,
    url text not null,
    recipient text not null,
    -- The earliest of what has no ordering key; null where all has one.
    due_at bigint,
    keyed boolean not null,
    added_at bigint not null,
    -- The lowest epoch of what was added.
    epoch int not null default 0,
    -- Whether its destination was not there: those that were come first.
    is_new boolean not null default false,
    primary key (is_new, number)
  ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

  -- What is sent: opaque here. Its number is that of the first delivery that sends it; a replay under a new id shares it. That
  -- of a webhook has the number of the webhook's message, negative.
  create table ringback.message (
    number bigint primary key,
    content bytea not null,
    sealed boolean not null,
    deliveries int not null default 1
  ) with (${kept});
  alter table ringback.message alter column content set storage external;
  create index message_sealed on ringback.message (number) where sealed;

  -- What never changes.
  create table ringback.delivery (
    number bigint primary key,
    id text collate "C" not null unique,
    message bigint not null,
    destination bigint not null,
    destination_url text not null,
    recipient text not null,
    operation text not null,
    callback text not null,
    method text not null,
    url text not null,
    timeout_ms int not null,
    idempotency_key text collate "C",
    digest text,
    ordering_key text,
    -- What ends the webhook-id.
    destination_hash text not null,
    created_at bigint not null,
    -- Of a webhook: the numbers of its endpoint and its message.
    endpoint bigint,
    webhook_message bigint
  ) with (${kept});
  create unique index delivery_key on ringback.delivery (idempotency_key, destination, callback, operation)
    where idempotency_key is not null;
  create index delivery_destination on ringback.delivery (destination);
  create index delivery_endpoint on ringback.delivery (endpoint, number) where endpoint is not null;
  create index delivery_message on ringback.delivery (webhook_message, number) where webhook_message is not null;

  -- What is still to be done, one row each, by the number of its delivery.
  create table ringback.queue (
    number bigint primary key,
    destination bigint not null,
    -- When something is to be done: an attempt or, while it is leased, the end of that.
    due_at bigint not null,
    -- When it was due before it was leased.
    wanted_at bigint not null,
    -- 1: waits for an earlier one of its ordering key; 2: nobody has looked yet whether it does.
    behind int not null,
    ordering_key text collate "C",
    -- The length of its message.
    bytes int not null,
    token int not null,
    attempt_count int not null,
    retries_used int not null default 0,
    deaths int not null default 0,
    leased_at bigint,
    -- How long it waits from when its time was set on, and the time that its sender asked for: due at the later of both.
    delay_ms bigint not null default 0,
    asked_at bigint,
    -- No attempt begins after this.
    expires_at bigint,
    -- As its destination's was when it began to wait.
    epoch int not null default 0
  ) with (${often});
  create index queue_due on ringback.queue (destination, due_at, number) where leased_at is null and behind = 0;
  create index queue_leased on ringback.queue (due_at) where leased_at is not null;
  create index queue_order on ringback.queue (destination, ordering_key, behind, number) where ordering_key is not null;
  create index queue_unplaced on ringback.queue (destination, number) where behind = 2;
  create index queue_expires on ringback.queue (expires_at) where expires_at is not null and leased_at is null;

  -- How deliveries ended; a replay removes the row.
  create table ringback.settled (
    delivery bigint primary key,
    state text collate "C" not null,
    settled_at bigint not null,
    response_valid int,
    -- When any worker may run its handler.
    handler_due_at bigint,
    handler_failures int not null default 0,
    -- Where the attempts do not say why.
    reason text,
    token int not null,
    attempt_count int not null,
    kept text collate "C" not null default 'all'
  ) with (${kept});
  create index settled_time on ringback.settled (kept, settled_at);
  create index settled_state on ringback.settled (state, delivery) where state <> 'delivered';
  create index settled_handler on ringback.settled (handler_due_at) where handler_due_at is not null;

  -- Attempts that have ended; one that is on its way stands in the queue.
  create table ringback.attempt (
    delivery bigint not null,
    number int not null,
    started_at bigint not null,
    finished_at bigint not null,
    outcome text not null,
    status int,
    headers text,
    body bytea,
    body_truncated int,
    address text,
    error text,
    -- The URL that was called, where the delivery has none of its own.
    url text,
    primary key (delivery, number)
  ) with (${kept});
  alter table ringback.attempt alter column body set storage external;

  -- The requests that may still take a delivery back.
  create table ringback.held (delivery bigint primary key, holders int not null);

  -- The master secrets that were used with this store, by their ids.
  create table ringback.key (id text primary key);

  -- The versions of recipients' secrets, which are derived: 1 for whoever has none here.
  create table ringback.secret (
    recipient text not null,
    version int not null,
    -- Null for the newest.
    signs_until bigint,
    -- When that was set.
    ended_at bigint,
    primary key (recipient, version)
  );

  -- What is to be replayed, and how far that got.
  create table ringback.replay (
    id text primary key,
    entered bigint not null,
    filter text not null,
    new_id int not null,
    position bigint not null,
    -- The number of the last delivery that there was.
    last bigint not null,
    replayed int not null default 0,
    without_bytes int not null default 0,
    started_at bigint not null,
    finished_at bigint
  );

  -- What was counted, in each hour since the epoch; that of hour 0 has those that are no longer kept apart.
  create table ringback.tally (
    hour bigint not null,
    in_scheduled bigint, in_attempting bigint, in_delivered bigint, in_failed bigint, in_blocked bigint,
    in_cancelled bigint,
    delivered bigint, failed bigint, blocked bigint, cancelled bigint, accepted bigint, rejected bigint,
    unreachable bigint, timed_out bigint, refused bigint, abandoned bigint, duration_ms bigint,
    duration_0 bigint, duration_1 bigint, duration_2 bigint, duration_3 bigint, duration_4 bigint,
    duration_5 bigint, duration_6 bigint, duration_7 bigint, duration_8 bigint, duration_9 bigint,
    duration_10 bigint
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
${endpointTables}`
