/** The tables of endpoints of webhooks, of the messages that were sent to them, and of what is still to be made of these. */
export const endpointTables = `
  create table ringback_endpoint (
    number integer primary key,
    id text not null unique,
    -- Ends the ids of its deliveries.
    tag text not null,
    owner text not null,
    -- It has one of its own, which counts it as one more delivery until it is deleted.
    destination integer not null,
    url text not null,
    origin text not null,
    -- Lists are words with a space on both sides.
    events text not null,
    channels text not null,
    details text not null,
    sealed blob not null,
    rate real,
    revision integer not null default 0,
    disabled_reason text,
    disabled_at integer,
    failing_since integer,
    failed_attempts integer not null default 0,
    failing_days integer not null default 0,
    failing_day integer not null default 0,
    is_told integer not null default 0,
    last_outcome text,
    last_status integer,
    last_delivered_at integer,
    create_key text,
    create_digest text,
    created_at integer not null,
    updated_at integer not null,
    deleted_at integer,
    -- Of the last recovery.
    recovery_since integer,
    recovery_until integer,
    recovery_state text,
    recovery_deliveries integer,
    recovery_started_at integer,
    recovery_finished_at integer
  ) strict;
  create index ringback_endpoint_owner on ringback_endpoint (owner, number) where deleted_at is null;
  create index ringback_endpoint_of on ringback_endpoint (owner, number);
  create unique index ringback_endpoint_key on ringback_endpoint (owner, create_key) where create_key is not null;
  create index ringback_endpoint_keyed on ringback_endpoint (created_at) where create_key is not null;
  create index ringback_endpoint_deleted on ringback_endpoint (deleted_at) where deleted_at is not null;

  create table ringback_webhook_message (
    number integer primary key,
    id text not null unique,
    -- Of ringback_message; null once the bytes are past their retention.
    message integer,
    -- Empty for everyone.
    owner text not null,
    event text not null,
    channels text not null,
    occurred_at integer not null,
    except_endpoint text,
    newer text not null,
    chain text not null,
    star_from integer not null,
    star_until integer not null,
    timeout_ms integer not null,
    ordering_key text,
    idempotency_key text,
    digest text,
    expires_at integer,
    created_at integer not null,
    -- Of an older form of an event: the number of the message that it goes with.
    newest_form integer
  ) strict;
  create index ringback_webhook_message_form on ringback_webhook_message (newest_form) where newest_form is not null;
  create index ringback_webhook_message_owner on ringback_webhook_message (owner, created_at, number);
  create index ringback_webhook_message_full on ringback_webhook_message (created_at, number) where message is not null;
  create unique index ringback_webhook_message_key on ringback_webhook_message (owner, event, idempotency_key)
    where idempotency_key is not null;

  -- What is still to be made: deliveries of a message, or those that an endpoint has missed.
  create table ringback_fanout (
    number integer primary key,
    -- Exactly one of the two; an endpoint has one recovery at a time.
    webhook_message integer unique,
    endpoint integer unique,
    ordering_key text,
    due_at integer not null,
    -- Counts up with each piece: of those that are due at the same time, the one with the lowest is next.
    turn integer not null default 0,
    -- The requests that may still take the message back.
    holders integer not null default 0,
    -- The number of the last endpoint; of a recovery, time and number of the last message.
    after_number integer not null default 0,
    after_time integer not null default 0,
    include text
  ) strict;
  create index ringback_fanout_due on ringback_fanout (due_at, turn, number);
  create index ringback_fanout_turn on ringback_fanout (turn);
  create index ringback_fanout_order on ringback_fanout (ordering_key, number) where ordering_key is not null;

  -- What happened to endpoints, until it has been told.
  create table ringback_notice (
    number integer primary key,
    endpoint integer not null,
    kind text not null,
    failed_attempts integer not null,
    last_outcome text not null,
    last_status integer,
    due_at integer not null,
    failures integer not null default 0
  ) strict;
  create index ringback_notice_due on ringback_notice (due_at);
`

/** Adds them. */
export const version6 = `
  ${endpointTables}
  alter table ringback_delivery add column endpoint integer;
  alter table ringback_delivery add column webhook_message integer;
  create index ringback_delivery_endpoint on ringback_delivery (endpoint, number) where endpoint is not null;
  create index ringback_delivery_message on ringback_delivery (webhook_message, number) where webhook_message is not null;

  -- What waits with a lower epoch than that of its destination is cancelled.
  alter table ringback_queue add column epoch integer not null default 0;
  alter table ringback_destination add column epoch integer not null default 0;
  -- Whether such deliveries may still have to be settled: until then nothing is claimed.
  alter table ringback_destination add column cancelling integer not null default 0;
  create index ringback_destination_cancelling on ringback_destination (number) where cancelling = 1;

  -- The URL that was called, where the delivery has none of its own.
  alter table ringback_attempt add column url text;
`
