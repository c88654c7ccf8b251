/**
 * Rows with content are emptied in place and removed later: see `removal/dead-rows.ts`. Attempts are in the order in
 * which they ended, so that none has to be moved to make room for another. New columns hold why deliveries settled, and
 * when times were set, because a wrong clock is corrected some day. Others hold what operators pause, and which
 * handlers have still to run.
 */
export const version5 = `
  alter table ringback_attempt rename to ringback_attempt_of_4;
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
    error text
  ) strict;
  insert into ringback_attempt (delivery, number, started_at, finished_at, outcome, status, headers, body, body_truncated,
    address, error)
    select delivery, number, started_at, finished_at, outcome, status, headers, body, body_truncated, address, error
    from ringback_attempt_of_4 order by delivery, number;
  drop table ringback_attempt_of_4;
  create unique index ringback_attempt_of on ringback_attempt (delivery, number) where delivery is not null;
  create index ringback_attempt_empty on ringback_attempt (row) where delivery is null;
  create index ringback_message_empty on ringback_message (number) where deliveries = 0;
  create index ringback_delivery_empty on ringback_delivery (number) where destination = 0;

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
  create table ringback_last_claim (row integer primary key, at integer not null) strict;
  create index ringback_destination_troubled on ringback_destination (state) where state <> 'closed';

  -- Where the attempts do not say it.
  alter table ringback_settled add column reason text;

  -- How long it waits from when its time was set on, and the time that its sender asked for: due at the later of both.
  alter table ringback_queue add column delay_ms integer not null default 0;
  alter table ringback_queue add column asked_at integer;
  update ringback_queue set asked_at = wanted_at;

  -- No attempt begins after this.
  alter table ringback_queue add column expires_at integer;
  create index ringback_queue_expires on ringback_queue (expires_at) where expires_at is not null and leased_at is null;

  -- When the pause was set.
  alter table ringback_destination add column paused_at integer not null default 0;
  alter table ringback_origin add column paused_at integer not null default 0;

  -- When signs_until was set.
  alter table ringback_secret add column ended_at integer;

  -- Whether somebody paused it, how many attempts may start there in a second, from when on the next may, and its last 2xx.
  alter table ringback_destination add column held_at integer;
  alter table ringback_destination add column held_reason text;
  alter table ringback_destination add column held_by text;
  alter table ringback_destination add column rate real;
  alter table ringback_destination add column next_start_at integer not null default 0;
  alter table ringback_destination add column last_success_at integer;

  -- One row: the latest time that was seen, and whether somebody paused all sending.
  create table ringback_engine (latest_at integer not null, held_at integer, held_reason text, held_by text) strict;

  -- The handler is that of a response or, of a delivery that failed or is blocked, the one that is told so.
  alter table ringback_settled rename column response_due_at to handler_due_at;
  alter table ringback_settled add column handler_failures integer not null default 0;

  -- When the first attempt after the last 2xx failed, while something has waited since.
  alter table ringback_destination add column trouble_since integer;
  -- The same once it is an outage, until its end has been told.
  alter table ringback_destination add column outage_since integer;
  alter table ringback_destination add column outage_ended_at integer;
  -- Whether its beginning has been told: what is told next is its end.
  alter table ringback_destination add column outage_told integer not null default 0;
  alter table ringback_destination add column outage_due_at integer;
  alter table ringback_destination add column outage_failures integer not null default 0;
  create index ringback_destination_trouble on ringback_destination (trouble_since)
    where trouble_since is not null and outage_since is null;
  create index ringback_destination_outage on ringback_destination (outage_due_at) where outage_due_at is not null;
`
