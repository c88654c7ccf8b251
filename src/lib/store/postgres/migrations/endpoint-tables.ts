/**
 * Endpoints of webhooks, the messages that were sent to them, and what is still to be made of these. Their numbers are times,
 * as those of deliveries are.
 */
export const endpointTables = `
  create table ringback.endpoint (
    number bigint primary key,
    id text collate "C" not null unique,
    -- Ends the ids of its deliveries.
    tag text not null,
    owner text collate "C" not null,
    -- It has one of its own, which stays when its URL changes.
    destination bigint not null unique,
    url text not null,
    origin text not null,
    -- Lists are words with a space on both sides.
    events text not null,
    channels text not null,
    details text not null,
    sealed bytea not null,
    rate double precision,
    revision int not null default 0,
    disabled_reason text,
    disabled_at bigint,
    failing_since bigint,
    failed_attempts int not null default 0,
    failing_days int not null default 0,
    failing_day int not null default 0,
    is_told int not null default 0,
    last_outcome text,
    last_status int,
    last_delivered_at bigint,
    create_key text collate "C",
    create_digest text,
    created_at bigint not null,
    -- The same, but no later than by the server's time: messages from then on are for it.
    listens_from bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    -- The number of the fan-out of the last recovery.
    recovery bigint,
    recovery_since bigint,
    recovery_until bigint,
    recovery_state text,
    recovery_deliveries int,
    recovery_started_at bigint,
    recovery_finished_at bigint
  ) with (fillfactor = 80);
  create index endpoint_owner on ringback.endpoint (owner, number) where deleted_at is null;
  create index endpoint_of on ringback.endpoint (owner, number);
  create unique index endpoint_key on ringback.endpoint (owner, create_key) where create_key is not null;
  create index endpoint_keyed on ringback.endpoint (created_at) where create_key is not null;
  create index endpoint_deleted on ringback.endpoint (deleted_at) where deleted_at is not null;

  create table ringback.webhook_message (
    number bigint primary key,
    id text collate "C" not null unique,
    -- Of the table message; null once the bytes are past their retention.
    message bigint,
    -- Empty for everyone.
    owner text collate "C" not null,
    event text collate "C" not null,
    channels text not null,
    occurred_at bigint not null,
    except_endpoint text,
    newer text not null,
    chain text not null,
    star_from bigint not null,
    star_until bigint not null,
    timeout_ms int not null,
    ordering_key text collate "C",
    idempotency_key text collate "C",
    digest text,
    expires_at bigint,
    created_at bigint not null,
    -- Of an older form of an event: the number of the message that it goes with.
    newest_form bigint
  );
  create index webhook_message_form on ringback.webhook_message (newest_form) where newest_form is not null;
  create index webhook_message_owner on ringback.webhook_message (owner, created_at, number);
  create index webhook_message_full on ringback.webhook_message (created_at, number) where message is not null;
  create index webhook_message_empty on ringback.webhook_message (created_at, number) where message is null;
  create unique index webhook_message_key on ringback.webhook_message (owner, event, idempotency_key)
    where idempotency_key is not null;

  -- What is still to be made: deliveries of a message, or those that an endpoint has missed.
  create table ringback.fanout (
    number bigint primary key,
    -- Exactly one of the two.
    webhook_message bigint unique,
    endpoint bigint,
    -- Whose it is, where it has an ordering key.
    owner text collate "C" not null,
    ordering_key text collate "C",
    due_at bigint not null,
    -- When a piece was made last: of those that are due at the same time, the one with the lowest is next.
    turn bigint not null,
    -- The requests that may still take the message back.
    holders int not null default 0,
    -- The number of the last endpoint; of a recovery, time and number of the last message.
    after_number bigint not null default 0,
    after_time bigint not null default 0,
    include text
  ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
  create index fanout_due on ringback.fanout (due_at, turn, number);
  create index fanout_order on ringback.fanout (ordering_key, owner, number) where ordering_key is not null;

  -- What happened to endpoints, until it has been told.
  create table ringback.notice (
    id uuid primary key default gen_random_uuid(),
    endpoint bigint not null,
    kind text not null,
    failed_attempts int not null,
    last_outcome text not null,
    last_status int,
    due_at bigint not null,
    failures int not null default 0
  );
  create index notice_due on ringback.notice (due_at);
  create index notice_endpoint on ringback.notice (endpoint);
`
